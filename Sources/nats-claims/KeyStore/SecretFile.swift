import Glibc
import Nkeys

/// Files that hold secrets: mode 0600, in folders of mode 0700, written whole or not at all.
enum SecretFile {
  /// Writes a secret to a file that must not exist.
  static func create(_ path: String, _ text: SecretText) throws {
    try makeFolders(above: path)
    try text.withUnsafeBytes { try write($0, to: path) }
  }

  /// Writes public text to a file, in the place of one that is there.
  static func replace(_ path: String, _ text: String) throws {
    var text = text
    try text.withUTF8 { try replace(path, bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Writes a secret to a file, in the place of one that is there.
  static func replace(_ path: String, _ text: SecretText) throws {
    try text.withUnsafeBytes { try replace(path, bytes: $0) }
  }

  private static func replace(_ path: String, bytes: UnsafeRawBufferPointer) throws {
    try makeFolders(above: path)
    let temporary = "\(path).tmp"
    unlink(temporary)
    try write(bytes, to: temporary)
    guard rename(temporary, path) == 0 else {
      let failure = failure("written", path)
      unlink(temporary)
      throw failure
    }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("created", path) }
    defer { close(file) }
    var lines = [iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)]
    guard writev(file, &lines, 1) == bytes.count, fsync(file) == 0 else {
      let failure = failure("written", path)
      unlink(path)
      throw failure
    }
  }

  private static func makeFolders(above path: String) throws {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/").dropLast() {
      folder += "/\(part)"
      guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure("made", folder) }
    }
  }

  /// What could not be done with a file, with the system's reason.
  static func failure(_ verb: String, _ path: String) -> CommandFailure {
    CommandFailure("\(path) cannot be \(verb): \(strerror(errno).map { String(cString: $0) } ?? "unknown error")")
  }
}
