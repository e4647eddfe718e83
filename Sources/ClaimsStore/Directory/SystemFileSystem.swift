internal import CLinux
import Glibc

/// The real file system.
public struct SystemFileSystem: FileSystem {
  /// Creates it.
  public init() {}

  /// The names in a folder.
  public func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder) else { throw failure("opendir", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      // Read where it lies: an entry at the end of the buffer is shorter than its type says, and must not be copied whole.
      let name = withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw failure("readdir", folder) }
    return names
  }

  /// What lies at a path.
  public func status(of path: String) throws(FileError) -> FileStatus? {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("lstat", path)
    }
    let kind: FileStatus.Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      default: .other
      }
    let modified = FileStatus.milliseconds(Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
    return FileStatus(
      kind: kind, size: Int64(status.st_size), modified: modified, isDatedByStore: status.st_mtim.tv_nsec % 1_000_000 == 0)
  }

  /// A file's bytes.
  public func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    // Neither a link nor a pipe nor a device: what lies in the directory may have been put there by anyone, and must not hold us up.
    let file = try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    defer { close(file) }
    return try read(file, path, limit)
  }

  private func read(_ file: Int32, _ path: String, _ limit: Int) throws(FileError) -> [UInt8] {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure("fstat", path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(code: EINVAL, call: "read", path: path) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while bytes.count < limit {
      let count = Glibc.read(file, &chunk, min(chunk.count, limit - bytes.count))
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("read", path)
      }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  /// Whether someone has a file open for writing.
  public func isBeingWritten(_ path: String) throws(FileError) -> Bool {
    let file = try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    defer { close(file) }
    return linux_is_open_for_writing(file) == 1
  }

  /// Creates a file that must not exist.
  public func create(_ path: String, _ bytes: [UInt8], modified: Int64) throws(FileError) {
    let file = try open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)
    defer { close(file) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + written }, $0.count - written) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("write", path)
      }
      written += count
    }
    try date(file, path, modified)
  }

  /// Sets a file's time of modification if its bytes are right.
  public func setModified(
    _ path: String, to time: Int64, limit: Int, ifRight isRight: ([UInt8]) -> Bool
  ) throws(FileError) -> Bool {
    let file = try open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    defer { close(file) }
    guard isRight(try read(file, path, limit)) else { return false }
    try date(file, path, time)
    return true
  }

  private func date(_ file: Int32, _ path: String, _ time: Int64) throws(FileError) {
    // Before 1970 the part of a second counts forward, too.
    let part = (time % 1000 + 1000) % 1000
    let time = timespec(tv_sec: Int((time - part) / 1000), tv_nsec: Int(part) * 1_000_000)
    guard futimens(file, [time, time]) == 0 else { throw failure("futimens", path) }
  }

  /// Puts a file in the place of another.
  public func rename(_ path: String, to target: String) throws(FileError) {
    guard Glibc.rename(path, target) == 0 else { throw failure("rename", path) }
  }

  /// Removes a file.
  public func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("unlink", path) }
  }

  /// Makes a folder.
  public func makeFolder(_ path: String) throws(FileError) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("mkdir", path) }
  }

  /// Makes a folder's entries durable.
  public func sync(folder: String) throws(FileError) {
    let descriptor = try open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("fsync", folder) }
  }

  /// Makes everything durable that was written to a folder's file system.
  public func syncAll(under folder: String) throws(FileError) {
    let descriptor = try open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    guard linux_syncfs(descriptor) == 0 else { throw failure("syncfs", folder) }
  }

  /// What kind of file system a folder lies on.
  public func type(of folder: String) throws(FileError) -> FileSystemType {
    var type: UInt32 = 0
    guard linux_filesystem_type(folder, &type) == 0 else { throw failure("statfs", folder) }
    return FileSystemType(magic: type)
  }

  private func open(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    let descriptor = Glibc.open(path, flags, 0o600)
    guard descriptor >= 0 else { throw failure("open", path) }
    return descriptor
  }

  private func failure(_ call: String, _ path: String) -> FileError {
    FileError(code: errno, call: call, path: path)
  }
}

/// The system's own words for its error numbers.
enum SystemText {
  static func of(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
