import Claims
import Glibc
import Logging
import Synchronization

/// Writes the directory of `.jwt` files from the log: a reader with a cursor, always behind and never in the way of a push.
///
/// An account that changed several times is written once, with its newest token. When a file cannot be written the materialiser says so once,
/// tries again each second, and goes on with the others, unless it is many. Files are synced together, before the cursor is noted: what a
/// power cut takes is written again at the next start. After a sync that failed everything since the last good one is written again: the system
/// may take for written what never reached the disk, and a later sync says nothing about it.
actor Materialiser {
  private static let reader = "directory"
  /// How many changes are looked at together.
  private static let batch = 128
  /// How many files are written together: few, so that pushes that come fast are seen soon.
  private static let filesAtOnce = 16
  /// How long changes are gathered before they are written.
  private static let gathering = Duration.milliseconds(20)
  /// How often the cursor is noted in the log: what came after it is written again after a crash.
  private static let cursorInterval = Duration.seconds(1)
  /// How long after a file failed it is tried again.
  private static let retryInterval = Duration.seconds(1)
  /// How many files may fail before the disk itself is taken to be broken or full.
  private static let largestFailing = 100

  private let log: any ChangeLog
  private let visible: LogPosition
  private let index: AccountIndex
  private let directory: TokenDirectory
  private let logger: Logger
  private let executor = BackgroundExecutor(name: "directory")
  /// The last sequence that was looked at.
  private var cursor: Int64?
  /// The last sequence that is noted in the log, and when that was.
  private var noted: (sequence: Int64, at: ContinuousClock.Instant?) = (0, nil)
  /// The accounts whose files cannot be written, with the sequence before the change that is not in its file.
  private var failing: [AccountKey: (before: Int64, error: FileError)] = [:]
  /// When those were tried last.
  private var retried: ContinuousClock.Instant?
  private var courtesy = Courtesy()

  nonisolated private let written = Atomic<Int64>(0)
  nonisolated private let failure = Mutex<String?>(nil)

  init(log: any ChangeLog, position: LogPosition, index: AccountIndex, directory: TokenDirectory, logger: Logger) {
    self.log = log
    visible = position
    self.index = index
    self.directory = directory
    self.logger = logger
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// The last sequence whose file is written.
  nonisolated var position: Int64 { written.load(ordering: .acquiring) }

  /// Why files cannot be written now; nil when they can.
  nonisolated var problem: String? { failure.withLock { $0 } }

  /// Follows the log until the signals end or the task is cancelled.
  func follow(_ signals: AsyncStream<Void>) async {
    for await _ in signals {
      while !Task.isCancelled {
        do {
          try await Task.sleep(for: Self.gathering)
          try await catchUp()
          break
        } catch is CancellationError {
          return
        } catch {
          report(error)
          do { try await Task.sleep(for: Self.retryInterval) } catch { return }
        }
      }
    }
  }

  /// Writes the file of one account anew, whatever the cursor says.
  func rewrite(_ account: AccountKey) throws {
    try write(account, evenAdopted: true)
  }

  /// Writes everything the log holds, and notes the cursor for good.
  ///
  /// - Returns: how many accounts' files were written.
  @discardableResult
  func finish() async throws -> Int {
    let count = try await catchUp()
    try await noteCursor(force: true)
    return count
  }

  @discardableResult
  private func catchUp() async throws -> Int {
    var count = 0
    retried = nil
    while true {
      try retryFailing()
      let start = try await position()
      let begin = ContinuousClock.now
      let changes = try await visible.changedAccounts(after: start, limit: Self.batch, in: log)
      guard !changes.isEmpty else { break }
      count += try write(changes)
      // Pushes come fast: the cores and the disk are theirs, and files of accounts that change again need no writing in between.
      let now = ContinuousClock.now
      let pause = courtesy.pause(after: begin.duration(to: now), at: now, last: visible.last)
      try await noteCursor(force: false)
      if let held = firstFailing { report(held.error) } else { noteHealed() }
      if pause > .zero { try await Task.sleep(for: pause) }
    }
    showPosition()
    if let held = firstFailing { throw held.error }
    // A note that failed, or had to wait for a file.
    try await noteCursor(force: false)
    noteHealed()
    return count
  }

  /// Writes the files of the first of these changes, each account's once, and gives how many files that were.
  private func write(_ changes: [ChangedAccount]) throws -> Int {
    var seen: Set<AccountKey> = []
    for change in changes {
      if !seen.contains(change.account) {
        guard seen.count < Self.filesAtOnce else { break }
        seen.insert(change.account)
        try write(change.account, after: change.sequence - 1)
      }
      cursor = max(cursor ?? 0, change.sequence)
    }
    showPosition()
    return seen.count
  }

  /// Tries files that could not be written again: each second, however long the others take.
  private func retryFailing() throws {
    let now = ContinuousClock.now
    if let retried, retried.duration(to: now) < Self.retryInterval { return }
    retried = now
    for (account, held) in failing { try write(account, after: held.before) }
  }

  /// Of the files that cannot be written, the one that waits longest.
  private var firstFailing: (before: Int64, error: FileError)? { failing.values.min { $0.before < $1.before } }

  private func noteHealed() {
    let healed = failure.withLock { problem in
      defer { problem = nil }
      return problem != nil
    }
    if healed { logger.notice("the directory's files are written again") }
  }

  /// Writes an account's file; one that fails holds up the others only when it is one of many.
  private func write(_ account: AccountKey, after sequence: Int64) throws {
    do {
      try write(account)
      failing[account] = nil
    } catch let error as FileError {
      failing[account] = (min(sequence, failing[account]?.before ?? sequence), error)
      if failing.count > Self.largestFailing { throw error }
    }
  }

  private func position() async throws -> Int64 {
    if let cursor { return cursor }
    let stored = try await log.cursor(of: Self.reader)
    noted.sequence = stored
    cursor = max(cursor ?? 0, stored)
    showPosition()
    return stored
  }

  /// The last sequence up to which every file is written.
  private var complete: Int64 {
    failing.values.reduce(cursor ?? 0) { min($0, $1.before) }
  }

  private func showPosition() { written.store(complete, ordering: .releasing) }

  private func noteCursor(force: Bool) async throws {
    let complete = complete
    guard cursor != nil, complete != noted.sequence else { return }
    let now = ContinuousClock.now
    if !force, let last = noted.at, last.duration(to: now) < Self.cursorInterval { return }
    do {
      try directory.syncAll()
    } catch {
      cursor = noted.sequence
      showPosition()
      throw error
    }
    try await log.setCursor(of: Self.reader, to: complete)
    noted = (complete, now)
  }

  private func write(_ account: AccountKey, evenAdopted: Bool = false) throws {
    guard let entry = index.entry(of: account.raw) else { return }
    // An adopted file is already there, as it was found.
    guard entry.isDeleted || entry.kind != .adopt || evenAdopted else { return }
    guard try !isUnjudged(account, in: directory.layout) else { return }
    guard !entry.isDeleted else {
      guard try !isUnjudged(account, in: directory.layout.other) else { return }
      return try directory.retire(account)
    }
    guard let token = try entry.token ?? log.token(at: entry.sequence) else { return }
    guard entry.token != nil || token.digest == entry.digest else {
      throw FileError(code: EBADMSG, call: "read", path: "the token of record \(entry.sequence) in the log")
    }
    try directory.write(token, for: account, modified: entry.time)
    try clearOtherLayout(account)
  }

  /// Whether somebody put a file in an account's place that nobody judged yet: it may hold newer claims. It stays, and whoever watches the
  /// directory judges it.
  private func isUnjudged(_ account: AccountKey, in layout: TokenDirectory.Layout) throws -> Bool {
    let file = directory.file(of: account, in: layout)
    guard let status = try directory.status(of: file), status.kind == .file, !status.isDatedByStore else { return false }
    return try !log.knows(Token(try directory.read(file)).withoutTrailingLineFeed.digest, of: account)
  }

  /// A copy in the other layout goes, since a reader of both could take it for the newer one: removed when the log holds it, else set aside.
  private func clearOtherLayout(_ account: AccountKey) throws {
    let copy = directory.file(of: account, in: directory.layout.other)
    guard let status = try directory.status(of: copy) else { return }
    let digest = Token(try directory.read(copy)).digest
    // Newest first, and few: the copy was ours until the layout changed, or was found when the directory was adopted.
    if try log.knows(digest, of: account) { return try directory.remove(copy) }
    guard let place = try directory.setAside(copy, at: index.entry(of: account.raw)?.time ?? 0, as: status) else { return }
    logger.notice("a copy in the other layout was set aside", metadata: ["file": "\(copy.relativePath)", "to": "\(place)"])
  }

  private func report(_ error: any Error) {
    let text = "\(error)"
    let isNew = failure.withLock { problem in
      defer { problem = text }
      return problem == nil
    }
    if isNew { logger.error("the directory's files cannot be written; the log holds every change", metadata: ["error": "\(text)"]) }
  }
}
