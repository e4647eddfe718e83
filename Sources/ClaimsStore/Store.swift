public import Claims
public import Logging
import Nkeys

/// Where claims live: the change log, the index in memory that answers lookups, and the directory that follows.
public final class Store: Sendable {
  /// Every account in memory.
  public let index: AccountIndex
  /// The log, for its readers.
  public let log: any ChangeLog
  /// Signals new changes.
  public let signal = ChangeSignal()
  /// The directory of files.
  public let directory: TokenDirectory
  /// How the store was opened.
  public let options: Options
  /// Where our own state lies; nil for a read-only store without one.
  public let state: StateFolder?

  private let position = LogPosition()
  private let locks: [DirectoryLock]
  private let commits: GroupCommit
  private let materialiser: Materialiser
  private let retention: RetentionReader?
  private let logger: Logger

  /// How often a log that failed is tried again.
  private static let healingInterval = Duration.seconds(1)

  /// Opens a directory, making it when it is not there: takes the lock, opens the log, and reads what is known of every account. Tokens follow
  /// with ``loadTokens()``.
  ///
  /// - Throws: ``StoreError`` `locked` when another server holds the directory, `networkFileSystem`, `unusableDirectory`, `damagedLog`,
  ///   `diskFull` or `ioFailure`.
  ///
  /// - Parameters:
  ///   - options: what to open, and how.
  ///   - fileSystem: where the directory's files lie.
  ///   - openLog: opens the change log at a path; `isThere` says that there must be one already.
  ///   - logger: where failures that nobody waits for are told.
  public init(
    _ options: Options, fileSystem: any FileSystem = SystemFileSystem(),
    openLog: (_ path: String, _ isThere: Bool) throws -> any ChangeLog = { try SQLiteChangeLog(path: $0, mustExist: $1) }, logger: Logger
  ) throws {
    self.options = options
    self.logger = logger
    if options.isReadOnly, options.state == nil {
      state = nil
      locks = []
      log = MemoryChangeLog(keepsHistory: false)
      index = AccountIndex(tokenBytes: options.tokenBytes)
    } else {
      if !options.isReadOnly {
        do throws(FileError) {
          try fileSystem.makeFolder(options.directory)
        } catch {
          throw StoreError(.unusableDirectory, "the directory \(options.directory) cannot be used as a store", detail: "\(error)")
        }
      }
      let folder = StateFolder(options.state ?? options.directory + "/.nats-claims", fileSystem: fileSystem)
      try folder.prepare()
      state = folder
      let lock = try DirectoryLock(path: folder.lockFile)
      locks = options.isReadOnly ? [lock] : [lock, try DirectoryLock(directory: options.directory)]
      (log, index) = try folder.openLog(rebuilding: options.rebuildsLog, logger: logger) { [position] path, isThere in
        let log = try openLog(path, isThere)
        return (log, try Self.index(log, options, position))
      }
      try folder.noteFormat()
    }
    let files: any FileSystem = options.isReadOnly ? LinkFollowingFileSystem(fileSystem, inside: options.directory) : fileSystem
    directory = TokenDirectory(path: options.directory, layout: options.layout, rejected: state?.rejected, fileSystem: files)
    materialiser = Materialiser(log: log, position: position, index: index, directory: directory, logger: logger)
    retention = options.retention.map { [log, position] in RetentionReader($0, log: log, position: position, logger: logger) }
    commits = GroupCommit(log: log, index: index, position: position, signal: signal)
  }

  /// What the log knows of every account, without tokens; `position` learns where the log ends.
  private static func index(_ log: any ChangeLog, _ options: Options, _ position: LogPosition) throws -> AccountIndex {
    let index = AccountIndex(tokenBytes: options.tokenBytes)
    var last: Int64 = 0
    try log.forEachNewest { newest in
      index.set(newest, token: nil)
      last = max(last, newest.sequence)
    }
    position.last = last
    return index
  }

  /// Judges a proposal against the newest state and, if it is to be stored, waits until it is durable and visible.
  ///
  /// - Throws: the proposal's refusal, or ``StoreError`` when nothing could be stored.
  public func submit(_ proposal: Proposal) async throws -> Verdict {
    try await withCheckedThrowingContinuation { continuation in
      submit(proposal) { continuation.resume(with: $0) }
    }
  }

  /// Judges a proposal against the newest state, and calls `done` when it is durable and visible, needless or refused: on the thread of the
  /// transactions, which it must not hold up.
  public func submit(_ proposal: Proposal, done: @escaping @Sendable (Result<Verdict, any Error>) -> Void) {
    commits.submit(proposal, done: done)
  }

  /// Tells that a proposal is on its way and may be submitted: transactions gather for it as long as the result lives, for some milliseconds
  /// at most.
  public func expectProposal() -> ExpectedProposal { ExpectedProposal(commits) }

  /// The records after a sequence, oldest first, at most `limit` of them: those whose changes are visible in the index.
  ///
  /// The log itself is a moment ahead, between a commit and its lookups: a reader that took a record from there could find the old state in the
  /// index and take it for the new one.
  public func changes(after sequence: Int64, limit: Int) async throws -> [ChangeRecord] {
    try await position.visible(after: sequence, limit: limit, in: log)
  }

  /// The token of an account's entry: from memory, else from the log; nil for a tombstone.
  ///
  /// - Throws: ``StoreError`` when the log cannot be read, or does not hold what was accepted.
  public func token(of entry: AccountEntry) throws -> Token? {
    if let token = entry.token { return token }
    guard !entry.isDeleted else { return nil }
    guard let token = try log.token(at: entry.sequence), token.digest == entry.digest else {
      throw StoreError(.damagedLog, "the token of record \(entry.sequence) is not what was accepted: restore the log from a copy")
    }
    return token
  }

  /// The newest entry and token of an account, from memory or from the log; nil when there is none or it is deleted.
  ///
  /// - Throws: ``StoreError`` when the log cannot be read, or does not hold what was accepted.
  public func current(_ account: AccountKey) throws -> (entry: AccountEntry, token: Token)? {
    guard let entry = index.entry(of: account.raw), let token = try token(of: entry) else { return nil }
    if entry.token == nil { index.remember(token, at: entry.sequence, of: account.raw) }
    return (AccountEntry(entry, token: token), token)
  }

  /// Brings tokens into memory, as many as there is room for. Lookups work before and meanwhile: they read the log.
  public func loadTokens() async {
    do {
      let keys = index.accounts().map(\.raw)
      for start in stride(from: 0, to: keys.count, by: Self.loadedTogether) where !Task.isCancelled {
        try loadTokens(of: keys[start..<min(start + Self.loadedTogether, keys.count)])
      }
      Memory.giveBack()
    } catch {
      logger.error("tokens cannot be read into memory", metadata: ["error": "\(error)"])
    }
  }

  /// How many tokens are read from the log at a time: few, so that no checkpoint waits for the read to end.
  private static let loadedTogether = 256

  private func loadTokens(of keys: ArraySlice<RawKey>) throws {
    var accounts: [Int64: RawKey] = [:]
    for key in keys {
      guard let entry = index.entry(of: key), entry.token == nil, !entry.isDeleted, index.hasRoom(for: key, bytes: Int(entry.size)) else {
        continue
      }
      accounts[entry.sequence] = key
    }
    try log.forEachToken(at: accounts.keys.sorted()) { sequence, token in
      guard let key = accounts[sequence], let entry = index.entry(of: key), entry.sequence == sequence else { return }
      guard token.digest == entry.digest else {
        throw StoreError(.damagedLog, "the token of record \(sequence) is not what was accepted: restore the log from a copy")
      }
      index.remember(token, at: sequence, of: key)
    }
  }

  /// Writes the directory's files, gives up old tokens' bytes, and tries a failed log again, until the task is cancelled or the store is closed.
  public func followLog() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.healLog() }
      group.addTask { await self.retention?.follow() }
      if !options.isReadOnly { await materialiser.follow(signal.stream()) } else { for await _ in signal.stream() {} }
      group.cancelAll()
    }
  }

  private func healLog() async {
    var isReserveKept = false
    while !Task.isCancelled {
      commits.heal()
      if !isReserveKept, commits.problem == nil { isReserveKept = keepReserve() }
      do { try await Task.sleep(for: Self.healingInterval) } catch { return }
    }
  }

  /// Takes room on the disk for a start on a full one; false when there is none now.
  private func keepReserve() -> Bool {
    do throws(FileError) {
      try state?.reserve.keep()
      return true
    } catch {
      logger.debug("there is no room to be kept for a start on a full disk", metadata: ["error": "\(error)"])
      return false
    }
  }

  /// Writes the file of an account anew from what is stored, or sets it aside if the account is deleted.
  ///
  /// - Throws: ``FileError``, or ``StoreError`` when the log cannot be read.
  public func rewriteFile(of account: AccountKey) async throws {
    try await materialiser.rewrite(account)
  }

  /// Brings the directory up to the log, and writes the files of accounts that have none.
  ///
  /// - Returns: how many files were written.
  /// - Throws: ``FileError``, or ``StoreError`` when the log cannot be read.
  public func completeFiles() async throws -> Int {
    let behind = try await materialiser.finish()
    var missing = 0
    for account in index.accounts() {
      let isThere = try TokenDirectory.Layout.allCases.contains { try directory.status(of: directory.file(of: account, in: $0)) != nil }
      if isThere { continue }
      try await rewriteFile(of: account)
      missing += 1
    }
    if missing > 0 { try directory.syncAll() }
    return behind + missing
  }

  /// Gives up the bytes of tokens that retention asks to give up now; ``followLog()`` does it by itself.
  ///
  /// - Returns: how many tokens were given up.
  /// - Throws: ``StoreError`` when the log cannot be read or written.
  @discardableResult
  public func applyRetention() async throws -> Int { try await retention?.apply() ?? 0 }

  /// The last sequence in the log; 0 when it is empty.
  public var lastSequence: Int64 { position.last }

  /// The last sequence whose file is written.
  public var writtenSequence: Int64 { materialiser.position }

  /// How many records the directory's files are behind the log.
  public var directoryLag: Int64 { options.isReadOnly ? 0 : max(0, lastSequence - materialiser.position) }

  /// Why the last change could not be stored; nil when it could.
  public var logProblem: String? { commits.problem }

  /// Why the directory's files cannot be written now; nil when they can.
  public var directoryProblem: String? { materialiser.problem }

  /// Finishes what was accepted, brings the directory up to the log, and closes it.
  ///
  /// - Returns: whether every file is written.
  @discardableResult
  public func close() async -> Bool {
    await commits.close()
    signal.finish()
    var isComplete = true
    if !options.isReadOnly {
      do {
        try await materialiser.finish()
      } catch {
        isComplete = false
        logger.error("the directory could not be brought up to the log; the next start does it", metadata: ["error": "\(error)"])
      }
    }
    do {
      try log.close()
    } catch {
      logger.error("the log could not be closed cleanly; nothing is lost", metadata: ["error": "\(error)"])
    }
    for lock in locks { lock.release() }
    return isComplete
  }
}
