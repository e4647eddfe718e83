/// What the store asks of a file system: the port through which faults are put in by tests.
///
/// Paths are absolute or relative to the working directory. No call follows a symbolic link in the last component when it writes.
public protocol FileSystem: Sendable {
  /// The names in a folder, without `.` and `..`, in no order.
  func names(in folder: String) throws(FileError) -> [String]
  /// What lies at a path; nil when nothing does.
  func status(of path: String) throws(FileError) -> FileStatus?
  /// A regular file's bytes, at most `limit` of them; links, pipes and devices are errors.
  func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]
  /// Whether someone has a regular file open for writing; false when the file system cannot say.
  func isBeingWritten(_ path: String) throws(FileError) -> Bool
  /// Creates a file that must not exist, with mode 0600, and sets its time of modification (milliseconds since 1970). Its bytes are durable
  /// after ``syncAll(under:)``.
  func create(_ path: String, _ bytes: [UInt8], modified: Int64) throws(FileError)
  /// Sets a regular file's time of modification, in milliseconds since 1970, if the first `limit` of its bytes are right.
  ///
  /// What is read is what is dated, whatever is put in its place meanwhile.
  ///
  /// - Returns: whether they were right.
  func setModified(_ path: String, to time: Int64, limit: Int, ifRight isRight: ([UInt8]) -> Bool) throws(FileError) -> Bool
  /// Puts a file in the place of another, at once.
  func rename(_ path: String, to target: String) throws(FileError)
  /// Removes a file; none there is no error.
  func remove(_ path: String) throws(FileError)
  /// Makes a folder with mode 0700; one that is there is no error.
  func makeFolder(_ path: String) throws(FileError)
  /// Makes a folder's entries durable.
  func sync(folder: String) throws(FileError)
  /// Makes everything durable that was written to the file system that a folder lies on.
  func syncAll(under folder: String) throws(FileError)
  /// What kind of file system a folder lies on.
  func type(of folder: String) throws(FileError) -> FileSystemType
}

/// What lies at a path.
public struct FileStatus: Sendable, Hashable {
  /// The kinds the store cares about.
  public enum Kind: Sendable, Hashable {
    /// A regular file.
    case file
    /// A folder.
    case folder
    /// Anything else: links, sockets, devices.
    case other
  }

  /// What it is.
  public let kind: Kind
  /// Its size in bytes.
  public let size: Int64
  /// When it was modified, in milliseconds since 1970.
  public let modified: Int64
  /// Whether its time of modification has no part below a millisecond: that of every file which the store dated has none, that of one which
  /// somebody else wrote does, by all odds.
  public let isDatedByStore: Bool

  /// A file's time in milliseconds. Anyone may date a file as far away as they like: what does not fit is the first or the last moment.
  static func milliseconds(_ seconds: Int64, nanoseconds: Int64) -> Int64 {
    let (milliseconds, isFarAway) = seconds.multipliedReportingOverflow(by: 1000)
    let (time, isBeyond) = milliseconds.addingReportingOverflow(nanoseconds / 1_000_000)
    guard isFarAway || isBeyond else { return time }
    return seconds < 0 ? .min : .max
  }

  /// Creates a status.
  public init(kind: Kind, size: Int64, modified: Int64, isDatedByStore: Bool = true) {
    self.kind = kind
    self.size = size
    self.modified = modified
    self.isDatedByStore = isDatedByStore
  }
}

/// A failed call of the file system.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system's number (`errno`).
  public let code: Int32
  /// The call that failed.
  public let call: String
  /// The path it was about.
  public let path: String

  /// Creates an error.
  public init(code: Int32, call: String, path: String) {
    self.code = code
    self.call = call
    self.path = path
  }

  /// The call, the path and the system's text.
  public var description: String { "\(call) \(path): \(SystemText.of(code))" }
}
