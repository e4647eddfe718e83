import Claims
import Logging
import Synchronization

/// Writes the directory of `.jwt` files from the log: a reader with a cursor, always behind and never in the way of a push.
///
/// An account that changed several times is written once, with its newest token. When a file cannot be written the materialiser stays where
/// it is, says so once, and tries again each second. Files are synced together, before the cursor is noted: what a power cut takes is written
/// again at the next start.
actor Materialiser {
  private static let reader = "directory"
  private static let batch = 1000
  /// How long changes are gathered before they are written.
  private static let gathering = Duration.milliseconds(20)
  /// How often the cursor is noted in the log: what came after it is written again after a crash.
  private static let cursorInterval = Duration.seconds(1)

  private let log: any ChangeLog
  private let visible: LogPosition
  private let index: AccountIndex
  private let directory: TokenDirectory
  private let logger: Logger
  private let executor = QueueExecutor(label: "nats-claims directory")
  private var cursor: Int64?
  private var noted: (sequence: Int64, at: ContinuousClock.Instant)?

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
          do { try await Task.sleep(for: .seconds(1)) } catch { return }
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
    while true {
      let start = try await position()
      let changes = try await visible.visible(after: start, limit: Self.batch, in: log)
      guard let last = changes.last else { break }
      var seen: Set<AccountKey> = []
      for change in changes where seen.insert(change.change.subject).inserted { try write(change.change.subject) }
      count += seen.count
      cursor = max(cursor ?? 0, last.sequence)
      written.store(cursor ?? 0, ordering: .releasing)
      try await noteCursor(force: false)
    }
    let healed = failure.withLock { problem in
      defer { problem = nil }
      return problem != nil
    }
    if healed { logger.notice("the directory's files are written again") }
    return count
  }

  private func position() async throws -> Int64 {
    if let cursor { return cursor }
    let stored = try await log.cursor(of: Self.reader)
    cursor = max(cursor ?? 0, stored)
    written.store(cursor ?? 0, ordering: .releasing)
    return stored
  }

  private func noteCursor(force: Bool) async throws {
    guard let cursor, cursor != noted?.sequence else { return }
    let now = ContinuousClock.now
    if !force, let noted, noted.at.duration(to: now) < Self.cursorInterval { return }
    try directory.syncAll()
    noted = (cursor, now)
    try await log.setCursor(of: Self.reader, to: cursor)
  }

  private func write(_ account: AccountKey, evenAdopted: Bool = false) throws {
    guard let entry = index.entry(of: account.raw) else { return }
    guard !entry.isDeleted else { return try directory.retire(account) }
    // An adopted file is already there, as it was found.
    guard entry.kind != .adopt || evenAdopted else { return }
    guard let token = try entry.token ?? log.token(at: entry.sequence) else { return }
    try directory.write(token, for: account, modified: entry.time)
    try clearOtherLayout(account)
  }

  /// A copy in the other layout goes, since a reader of both could take it for the newer one: removed when the log holds it, else set aside.
  private func clearOtherLayout(_ account: AccountKey) throws {
    let copy = directory.file(of: account, in: directory.layout.other)
    guard try directory.status(of: copy) != nil else { return }
    let bytes = try directory.read(copy)
    let digest = Token(bytes).digest
    // Newest first, and few: the copy was ours until the layout changed, or was found when the directory was adopted.
    if try log.knows(digest, of: account) { return try directory.remove(copy) }
    let place = try directory.setAside(copy, at: index.entry(of: account.raw)?.time ?? 0)
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
