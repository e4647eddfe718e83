import Glibc
import Synchronization

/// A kernel lock on a state folder: one writer at a time, gone with the process however it ends.
///
/// The file stays; it holds the writer's process id, for the message that a second one gets.
final class DirectoryLock: Sendable {
  private let descriptor: Mutex<Int32?>

  /// - Throws: ``StoreError`` `locked` when another process (or another store of this one) holds it.
  init(path: String) throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(
        .unusableDirectory, "the lock file \(path) cannot be opened; check the rights of the folder", detail: SystemText.of(errno))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = Self.holder(descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw StoreError(.unusableDirectory, "the lock file \(path) cannot be locked", detail: SystemText.of(code))
      }
      throw StoreError(
        .locked,
        "another server\(holder.map { " (process \($0))" } ?? "") holds this directory: stop it first, or serve the directory beside it with --read-only"
      )
    }
    // Always as long as any number, so that it covers the last one; on a disk that is full the message has to do without.
    var text = Array("\(getpid())\n".utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: Self.textSize - text.count)
    if pwrite(descriptor, text, text.count, 0) != text.count { ftruncate(descriptor, 0) }
    self.descriptor = Mutex(descriptor)
  }

  /// Locks the directory itself, for servers whose state lies elsewhere. Where folders cannot be locked, as on some network file systems,
  /// nothing is.
  ///
  /// - Throws: ``StoreError`` `locked` when another process (or another store of this one) holds it.
  init(directory: String) throws(StoreError) {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.unusableDirectory, "the directory \(directory) cannot be opened; check its rights", detail: SystemText.of(errno))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      close(descriptor)
      throw StoreError(
        .locked,
        "another server holds the directory \(directory), with its state elsewhere: stop it first, or serve the directory beside it with "
          + "--read-only")
    }
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  /// Lets the next writer in.
  func release() {
    descriptor.withLock { descriptor in
      if let open = descriptor {
        // Said, and not left to the close: a child that is about to be started may hold a copy of the descriptor for a moment.
        flock(open, LOCK_UN)
        close(open)
      }
      descriptor = nil
    }
  }

  private static let textSize = 16

  private static func holder(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}
