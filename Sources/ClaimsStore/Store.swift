import Claims
public import Logging

/// Where claims live: the change log, the index in memory that answers lookups, and the directory that follows.
public final class Store: Sendable {
  /// How to open a store.
  public struct Options: Sendable {
    /// The directory of `.jwt` files.
    public var directory: String
    /// How files are laid out in it.
    public var layout: TokenDirectory.Layout

    /// Creates options.
    public init(directory: String, layout: TokenDirectory.Layout = .flat) {
      self.directory = directory
      self.layout = layout
    }
  }

  /// Every account in memory.
  public let index = AccountIndex()
  /// The log, for its readers.
  public let log: any ChangeLog
  /// Signals new changes.
  public let signal = ChangeSignal()
  /// The directory of files.
  public let directory: TokenDirectory

  private let position = LogPosition()
  private let lock: DirectoryLock
  private let commits: GroupCommit
  private let materialiser: Materialiser
  private let logger: Logger

  /// Opens a directory, making it when it is not there: takes the lock, opens the log, and reads every account into memory.
  ///
  /// - Throws: ``StoreError`` `locked` when another server holds the directory, `unusableDirectory`, `damagedLog` or `ioFailure`.
  ///
  /// - Parameters:
  ///   - options: what to open, and how.
  ///   - fileSystem: where the directory's files lie.
  ///   - openLog: opens the change log at a path.
  ///   - logger: where failures that nobody waits for are told.
  public init(
    _ options: Options, fileSystem: any FileSystem = SystemFileSystem(),
    openLog: (_ path: String) throws -> any ChangeLog = { try SQLiteChangeLog(path: $0) }, logger: Logger
  ) throws {
    self.logger = logger
    let state = options.directory + "/.nats-claims"
    do {
      try fileSystem.makeFolder(options.directory)
      try fileSystem.makeFolder(state)
    } catch {
      throw StoreError(.unusableDirectory, "the directory \(options.directory) cannot be used as a store", detail: "\(error)")
    }
    lock = try DirectoryLock(path: state + "/lock")
    try Self.refuseLostLog(state, fileSystem)
    let log = try openLog(state + "/log.sqlite")
    self.log = log
    directory = TokenDirectory(path: options.directory, layout: options.layout, fileSystem: fileSystem)
    materialiser = Materialiser(log: log, position: position, index: index, directory: directory, logger: logger)
    commits = GroupCommit(log: log, index: index, position: position, signal: signal)
    try Self.noteFormat(state, fileSystem)
    try log.forEachNewest { [index, position] record in
      index.set(AccountEntry(record), for: record.change.subject.raw)
      position.last = max(position.last, record.sequence)
    }
  }

  /// A log that was there and is gone is never begun again silently: with it went the marks that keep old tokens out.
  private static func refuseLostLog(_ state: String, _ fileSystem: any FileSystem) throws(StoreError) {
    do {
      guard try fileSystem.status(of: state + "/format") != nil, try fileSystem.status(of: state + "/log.sqlite") == nil else { return }
    } catch {
      throw StoreError(.unusableDirectory, "the folder \(state) cannot be read", detail: "\(error)")
    }
    throw StoreError(
      .damagedLog,
      "the change log \(state)/log.sqlite is gone: restore it from a copy; or, to begin anew from the files and forget which older tokens were "
        + "replaced or deleted, remove the folder \(state)")
  }

  /// Leaves a file that tells a later start that there was a log.
  private static func noteFormat(_ state: String, _ fileSystem: any FileSystem) throws(StoreError) {
    do {
      guard try fileSystem.status(of: state + "/format") == nil else { return }
      try fileSystem.create(state + "/format", Array("1\n".utf8), modified: 0)
      try fileSystem.sync(folder: state)
    } catch {
      throw StoreError(.unusableDirectory, "the folder \(state) cannot be written", detail: "\(error)")
    }
  }

  /// Judges a proposal against the newest state and, if it is to be stored, waits until it is durable and visible.
  ///
  /// - Throws: the proposal's refusal, or ``StoreError`` when nothing could be stored.
  public func submit(_ proposal: Proposal) async throws -> Verdict {
    try await commits.submit(proposal)
  }

  /// The records after a sequence, oldest first, at most `limit` of them: those whose changes are visible in the index.
  ///
  /// The log itself is a moment ahead, between a commit and its lookups: a reader that took a record from there could find the old state in the
  /// index and take it for the new one.
  public func changes(after sequence: Int64, limit: Int) async throws -> [ChangeRecord] {
    try await position.visible(after: sequence, limit: limit, in: log)
  }

  /// Writes the directory's files until the task is cancelled or the store is closed.
  public func followLog() async {
    await materialiser.follow(signal.stream())
  }

  /// The last sequence in the log; 0 when it is empty.
  public var lastSequence: Int64 { position.last }

  /// How many records the directory's files are behind the log.
  public var directoryLag: Int64 { max(0, lastSequence - materialiser.position) }

  /// Why the last change could not be stored; nil when it could.
  public var logProblem: String? { commits.problem }

  /// Why the directory's files cannot be written now; nil when they can.
  public var directoryProblem: String? { materialiser.problem }

  /// Finishes what was accepted, brings the directory up to the log, and closes it.
  public func close() async {
    await commits.close()
    signal.finish()
    do {
      try await materialiser.finish()
    } catch {
      logger.error("the directory could not be brought up to the log; the next start does it", metadata: ["error": "\(error)"])
    }
    do {
      try log.close()
    } catch {
      logger.error("the log could not be closed cleanly; nothing is lost", metadata: ["error": "\(error)"])
    }
    lock.release()
  }
}
