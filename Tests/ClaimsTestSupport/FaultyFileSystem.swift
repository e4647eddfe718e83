public import ClaimsStore
import Synchronization

/// The real file system, but for calls that fail when they are told to: those of a name, or the n-th of all.
public final class FaultyFileSystem: FileSystem {
  /// A call that fails by its name.
  public struct Fault: Sendable {
    /// The system's name of the call.
    public let call: String
    /// The system's number of the error.
    public let code: Int32
    /// How the path ends that it fails for; empty for all.
    public let ending: String

    /// A fault of a call, for paths that end so.
    public init(call: String, code: Int32, for ending: String = "") {
      self.call = call
      self.code = code
      self.ending = ending
    }
  }

  /// A call that fails by its number.
  public struct Break: Sendable {
    /// What follows.
    public enum Kind: Sendable {
      /// Only this call fails.
      case once
      /// All that follow fail too, and nothing happens any more: as for a process that was killed.
      case crash
    }

    let step: Int
    let code: Int32
    let kind: Kind

    /// The call of this number, counted from one, fails.
    public init(step: Int, code: Int32, kind: Kind) {
      self.step = step
      self.code = code
      self.kind = kind
    }
  }

  private struct State {
    var fault: Fault?
    var plan: Break?
    var steps = 0
    var pretence: (folder: String, type: FileSystemType)?
  }

  private let real = SystemFileSystem()
  private let state = Mutex(State())

  /// A file system without faults, or with one to come.
  public init(_ plan: Break? = nil) {
    state.withLock { $0.plan = plan }
  }

  /// The call that fails now.
  public var fails: Fault? {
    get { state.withLock { $0.fault } }
    set { state.withLock { $0.fault = newValue } }
  }

  /// Says that a folder, and what lies below it, is on another type of file system.
  public func pretend(_ folder: String, is type: FileSystemType) {
    state.withLock { $0.pretence = (folder, type) }
  }

  /// How many calls were made.
  public var steps: Int { state.withLock { $0.steps } }

  /// Whether the planned fault was met.
  public var isBroken: Bool { state.withLock { state in state.plan.map { state.steps >= $0.step } ?? false } }

  private func failure(_ call: String, _ path: String) -> Int32? {
    state.withLock { state in
      state.steps += 1
      if let fault = state.fault, fault.call == call, path.hasSuffix(fault.ending) { return fault.code }
      guard let plan = state.plan, state.steps == plan.step || (plan.kind == .crash && state.steps > plan.step) else { return nil }
      return plan.code
    }
  }

  private var isDown: Bool {
    state.withLock { state in state.plan.map { $0.kind == .crash && state.steps > $0.step } ?? false }
  }

  private func check(_ call: String, _ path: String) throws(FileError) {
    if let code = failure(call, path) { throw FileError(code: code, call: call, path: path) }
  }

  /// The names in a folder, or `readdir` fails.
  public func names(in folder: String) throws(FileError) -> [String] {
    try check("readdir", folder)
    return try real.names(in: folder)
  }

  /// What lies at a path, or `lstat` fails.
  public func status(of path: String) throws(FileError) -> FileStatus? {
    try check("lstat", path)
    return try real.status(of: path)
  }

  /// A file's bytes, or `read` fails.
  public func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try check("read", path)
    return try real.read(path, limit: limit)
  }

  /// Whether someone writes a file, or `fcntl` fails.
  public func isBeingWritten(_ path: String) throws(FileError) -> Bool {
    try check("fcntl", path)
    return try real.isBeingWritten(path)
  }

  /// Creates a file, or `open`, `write` (which leaves a part) or `futimens` fails.
  public func create(_ path: String, _ bytes: [UInt8], modified: Int64) throws(FileError) {
    try check("open", path)
    if let code = failure("write", path) {
      // A full disk takes a part of the bytes, and a crash leaves one.
      if !isDown { try real.create(path, Array(bytes.prefix(bytes.count / 2)), modified: modified) }
      throw FileError(code: code, call: "write", path: path)
    }
    try real.create(path, bytes, modified: modified)
    try check("futimens", path)
  }

  /// Puts a file in the place of another, or `rename` fails.
  public func rename(_ path: String, to target: String) throws(FileError) {
    try check("rename", path)
    try real.rename(path, to: target)
  }

  /// Removes a file, or `unlink` fails.
  public func remove(_ path: String) throws(FileError) {
    try check("unlink", path)
    try real.remove(path)
  }

  /// Makes a folder, or `mkdir` fails.
  public func makeFolder(_ path: String) throws(FileError) {
    try check("mkdir", path)
    try real.makeFolder(path)
  }

  /// Makes a folder's entries durable, or `fsync` fails.
  public func sync(folder: String) throws(FileError) {
    try check("fsync", folder)
    try real.sync(folder: folder)
  }

  /// Dates a file whose bytes are right, or `futimens` fails.
  public func setModified(_ path: String, to time: Int64, limit: Int, ifRight isRight: ([UInt8]) -> Bool) throws(FileError) -> Bool {
    try check("futimens", path)
    return try real.setModified(path, to: time, limit: limit, ifRight: isRight)
  }

  /// Makes everything durable, or `syncfs` fails.
  public func syncAll(under folder: String) throws(FileError) {
    try check("syncfs", folder)
    try real.syncAll(under: folder)
  }

  /// The pretended type of a file system, or the real one, or `statfs` fails.
  public func type(of folder: String) throws(FileError) -> FileSystemType {
    try check("statfs", folder)
    if let pretence = state.withLock({ $0.pretence }), folder.hasPrefix(pretence.folder) { return pretence.type }
    return try real.type(of: folder)
  }
}
