import ClaimsStore
import Synchronization

/// The real file system, but for calls that fail when they are told to: those of a name, or the n-th of all.
final class FaultyFileSystem: FileSystem {
  struct Fault: Sendable {
    let call: String
    let code: Int32
  }

  /// A call that fails by its number.
  struct Break: Sendable {
    /// What follows.
    enum Kind: Sendable {
      /// Only this call fails.
      case once
      /// All that follow fail too, and nothing happens any more: as for a process that was killed.
      case crash
    }

    let step: Int
    let code: Int32
    let kind: Kind
  }

  private struct State {
    var fault: Fault?
    var plan: Break?
    var steps = 0
  }

  private let real = SystemFileSystem()
  private let state = Mutex(State())

  /// A file system without faults, or with one to come.
  init(_ plan: Break? = nil) {
    state.withLock { $0.plan = plan }
  }

  /// The call that fails now.
  var fails: Fault? {
    get { state.withLock { $0.fault } }
    set { state.withLock { $0.fault = newValue } }
  }

  /// How many calls were made.
  var steps: Int { state.withLock { $0.steps } }

  /// Whether the planned fault was met.
  var isBroken: Bool { state.withLock { state in state.plan.map { state.steps >= $0.step } ?? false } }

  private func failure(_ call: String) -> Int32? {
    state.withLock { state in
      state.steps += 1
      if let fault = state.fault, fault.call == call { return fault.code }
      guard let plan = state.plan, state.steps == plan.step || (plan.kind == .crash && state.steps > plan.step) else { return nil }
      return plan.code
    }
  }

  private var isDown: Bool {
    state.withLock { state in state.plan.map { $0.kind == .crash && state.steps > $0.step } ?? false }
  }

  private func check(_ call: String, _ path: String) throws(FileError) {
    if let code = failure(call) { throw FileError(code: code, call: call, path: path) }
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
    if let code = failure("write") {
      // A full disk takes a part of the bytes, and a crash leaves one.
      if !isDown { try real.create(path, Array(bytes.prefix(bytes.count / 2)), modified: modified) }
      throw FileError(code: code, call: "write", path: path)
    }
    try real.create(path, bytes, modified: modified)
    try check("futimens", path)
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
