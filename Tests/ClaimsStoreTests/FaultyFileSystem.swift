import ClaimsStore
import Synchronization

/// The real file system, but for one call that fails as long as it is told to.
final class FaultyFileSystem: FileSystem {
  struct Fault: Sendable {
    let call: String
    let code: Int32
  }

  private let real = SystemFileSystem()
  private let fault = Mutex<Fault?>(nil)

  /// The call that fails now.
  var fails: Fault? {
    get { fault.withLock { $0 } }
    set { fault.withLock { $0 = newValue } }
  }

  private func check(_ call: String, _ path: String) throws(FileError) {
    if let fails, fails.call == call { throw FileError(code: fails.code, call: call, path: path) }
  }

  func names(in folder: String) throws(FileError) -> [String] {
    try check("readdir", folder)
    return try real.names(in: folder)
  }

  func status(of path: String) throws(FileError) -> FileStatus? {
    try check("lstat", path)
    return try real.status(of: path)
  }

  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try check("read", path)
    return try real.read(path, limit: limit)
  }

  func isBeingWritten(_ path: String) throws(FileError) -> Bool {
    try check("fcntl", path)
    return try real.isBeingWritten(path)
  }

  func create(_ path: String, _ bytes: [UInt8], modified: Int64) throws(FileError) {
    try check("open", path)
    if let fails, fails.call == "write" {
      // A full disk takes a part of the bytes.
      try real.create(path, Array(bytes.prefix(bytes.count / 2)), modified: modified)
      throw FileError(code: fails.code, call: "write", path: path)
    }
    try real.create(path, bytes, modified: modified)
  }

  func rename(_ path: String, to target: String) throws(FileError) {
    try check("rename", path)
    try real.rename(path, to: target)
  }

  func remove(_ path: String) throws(FileError) {
    try check("unlink", path)
    try real.remove(path)
  }

  func makeFolder(_ path: String) throws(FileError) {
    try check("mkdir", path)
    try real.makeFolder(path)
  }

  func sync(folder: String) throws(FileError) {
    try check("fsync", folder)
    try real.sync(folder: folder)
  }

  func setModified(_ path: String, to time: Int64) throws(FileError) {
    try check("utimensat", path)
    try real.setModified(path, to: time)
  }

  func syncAll(under folder: String) throws(FileError) {
    try check("syncfs", folder)
    try real.syncAll(under: folder)
  }

  func type(of folder: String) throws(FileError) -> FileSystemType {
    try check("statfs", folder)
    return try real.type(of: folder)
  }
}
