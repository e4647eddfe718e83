/// What can go wrong in the store.
///
/// The message is safe for strangers; the detail is for the log.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. New ones may be added.
  public struct Code: Sendable, Hashable {
    private let name: String

    private init(_ name: String) { self.name = name }

    /// The disk is full; nothing was changed, and a freed disk heals without a restart.
    public static let diskFull = Code("disk full")
    /// The disk or the database failed; nothing was changed.
    public static let ioFailure = Code("i/o failure")
    /// Another process holds the directory.
    public static let locked = Code("locked")
    /// The log exists but cannot be used.
    public static let damagedLog = Code("damaged log")
    /// The directory cannot be used as a store.
    public static let unusableDirectory = Code("unusable directory")
    /// Our own state would lie on a network file system.
    public static let networkFileSystem = Code("network file system")
    /// The store only reads the directory.
    public static let readOnly = Code("read-only")
    /// The store is shutting down.
    public static let closed = Code("closed")
  }

  /// What went wrong.
  public let code: Code
  /// One sentence that says what went wrong and what to do.
  public let message: String
  /// What the system said, for the log.
  public let detail: String

  /// Creates an error.
  public init(_ code: Code, _ message: String, detail: String = "") {
    self.code = code
    self.message = message
    self.detail = detail
  }

  /// Message and detail, for the log.
  public var description: String { detail.isEmpty ? message : "\(message) (\(detail))" }

  /// Equal codes make equal errors.
  public static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }

  /// Hashes the code.
  public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
