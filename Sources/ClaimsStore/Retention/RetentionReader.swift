import Claims
import Glibc
import Logging

/// Gives up the bytes of old tokens: a reader of the log with a cursor, in small transactions with pauses in between, so that pushes do not wait
/// for it.
///
/// The cursor's name holds the number of versions: when another number is set, every account is looked at again.
actor RetentionReader {
  private static let batch = 500
  /// How many accounts are looked at together.
  private static let accountsAtOnce = 32
  /// After how many records it notes how far it has come.
  private static let notedEvery: Int64 = 20_000
  /// How long it waits between two looks.
  private static let interval = Duration.seconds(2)
  /// How often it looks for old tombstones.
  private static let tombstoneInterval = Duration.seconds(3600)
  /// After each step it pauses this many times as long as the step took.
  private static let pauses = 19

  private let rule: Retention
  private let log: any ChangeLog
  private let visible: LogPosition
  private let logger: Logger
  private let now: @Sendable () -> Int64
  private var cursor: Int64?
  private var lastTombstones: ContinuousClock.Instant?
  private var problem: String?

  init(
    _ rule: Retention, log: any ChangeLog, position: LogPosition, logger: Logger,
    now: @escaping @Sendable () -> Int64 = { Int64(time(nil)) * 1000 }
  ) {
    self.rule = rule
    self.log = log
    visible = position
    self.logger = logger
    self.now = now
  }

  private var name: String { "retention-\(rule.versions)" }

  /// Follows the log until the task is cancelled.
  func follow() async {
    while !Task.isCancelled {
      do {
        try await apply()
        problem = nil
        try await Task.sleep(for: Self.interval)
      } catch is CancellationError {
        return
      } catch {
        report("\(error)")
        do { try await Task.sleep(for: .seconds(10)) } catch { return }
      }
    }
  }

  /// Gives up what is old now, and tells how many tokens that were.
  @discardableResult
  func apply() async throws -> Int {
    try await giveUpVersions() + giveUpTombstones()
  }

  private func giveUpVersions() async throws -> Int {
    let start: Int64
    if let cursor { start = cursor } else { start = try await log.cursor(of: name) }
    var end = start
    var noted = start
    var count = 0
    while true {
      let position = end
      let changes = try await pacing { try await self.visible.changedAccounts(after: position, limit: Self.batch, in: self.log) }
      guard let last = changes.last else { break }
      let accounts = Array(Set(changes.map(\.account)))
      for first in stride(from: 0, to: accounts.count, by: Self.accountsAtOnce) {
        let some = Array(accounts[first..<min(first + Self.accountsAtOnce, accounts.count)])
        count += try await pacing { try await self.log.giveUpVersions(of: some, keeping: self.rule.versions) }
      }
      end = last.sequence
      cursor = end
      // Noted seldom: a start that comes before repeats what was done since, which changes nothing.
      if end - noted >= Self.notedEvery {
        try await log.setCursor(of: name, to: end)
        noted = end
      }
    }
    if end > noted { try await log.setCursor(of: name, to: end) }
    return count
  }

  private func giveUpTombstones() async throws -> Int {
    let clock = ContinuousClock.now
    if let lastTombstones, lastTombstones.duration(to: clock) < Self.tombstoneInterval { return 0 }
    var count = 0
    while true {
      let given = try await pacing {
        try await self.log.giveUpTombstones(before: self.rule.tombstonesBefore(self.now()), limit: Self.batch)
      }
      count += given
      if given == 0 { break }
    }
    lastTombstones = clock
    return count
  }

  private func pacing<Result: Sendable>(_ step: () async throws -> Result) async throws -> Result {
    let start = ContinuousClock.now
    let result = try await step()
    try await Task.sleep(for: start.duration(to: .now) * Self.pauses)
    return result
  }

  private func report(_ text: String) {
    if problem == nil { logger.error("old tokens cannot be given up; the log holds all of them", metadata: ["error": "\(text)"]) }
    problem = text
  }
}
