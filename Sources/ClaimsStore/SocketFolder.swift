import Glibc

/// A folder by its descriptor, through which sockets in it have a short name however deep it lies: the system takes 107 bytes at most.
public final class SocketFolder: Sendable {
  private let descriptor: Int32

  /// Opens a folder.
  ///
  /// - Throws: ``FileError`` when it cannot be opened.
  public init(_ path: String) throws(FileError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: path) }
  }

  deinit { close(descriptor) }

  /// The short path of a name in the folder; it holds as long as this object.
  public func path(of name: String) -> String { "/proc/self/fd/\(descriptor)/\(name)" }
}
