import Glibc
import NIOSSL
import Synchronization

/// What new connections over TLS are answered with: read again while the server runs. Open connections keep what they began with.
public final class TLSIdentity: Sendable {
  /// A file as it lies on disk: another one, or one that was written to, differs.
  private struct Stamp: Hashable {
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  /// The files.
  public let files: TLSFiles
  private let state: Mutex<(context: NIOSSLContext, stamps: [Stamp?])>

  /// Reads the files.
  ///
  /// - Throws: ``AccessError`` when they cannot be used.
  public init(_ files: TLSFiles) throws(AccessError) {
    self.files = files
    let stamps = Self.stamps(files)
    state = Mutex((try files.context(), stamps))
  }

  /// What a new connection takes.
  var context: NIOSSLContext { state.withLock { $0.context } }

  /// Reads the files again.
  ///
  /// - Throws: ``AccessError`` when they cannot be used; then what holds goes on.
  public func reload() throws(AccessError) {
    let stamps = Self.stamps(files)
    state.withLock { $0.stamps = stamps }
    let context = try files.context()
    state.withLock { $0.context = context }
  }

  /// Whether a file changed since it was read.
  public var isOutdated: Bool {
    let stamps = Self.stamps(files)
    return state.withLock { $0.stamps != stamps }
  }

  private static func stamps(_ files: TLSFiles) -> [Stamp?] {
    files.paths.map { path in
      var facts = stat()
      guard stat(path, &facts) == 0 else { return nil }
      return Stamp(inode: facts.st_ino, size: facts.st_size, seconds: facts.st_mtim.tv_sec, nanoseconds: facts.st_mtim.tv_nsec)
    }
  }
}
