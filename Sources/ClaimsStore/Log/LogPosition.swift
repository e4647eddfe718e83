import Claims
import Synchronization

/// The last sequence whose change is visible in the index, and which accounts the newest records changed: readers that need no more are spared
/// the log.
final class LogPosition: Sendable {
  private let sequence = Atomic<Int64>(0)
  private let recent = Mutex(RecentChanges())

  var last: Int64 {
    get { sequence.load(ordering: .acquiring) }
    set { sequence.store(newValue, ordering: .releasing) }
  }

  /// Moves behind records that follow each other and are visible in the index.
  func advance(over records: [ChangeRecord]) {
    guard let end = records.last?.sequence else { return }
    recent.withLock { recent in for record in records { recent.add(record) } }
    last = end
  }

  /// The records of a log after a sequence, but none behind this position.
  func visible(after start: Int64, limit: Int, in log: any ChangeLog) async throws -> [ChangeRecord] {
    let end = last
    return try await log.changes(after: start, limit: limit).filter { $0.sequence <= end }
  }

  /// Which accounts the records after a sequence changed, but none behind this position: from memory when they are recent, else from the log.
  func changedAccounts(after start: Int64, limit: Int, in log: any ChangeLog) async throws -> [ChangedAccount] {
    if let recent = recent.withLock({ $0.changed(after: start, limit: limit) }) { return recent }
    return try await visible(after: start, limit: limit, in: log).map { ChangedAccount($0) }
  }
}

/// The account that a record changed.
struct ChangedAccount: Sendable, Hashable {
  let sequence: Int64
  let account: AccountKey

  init(_ record: ChangeRecord) {
    sequence = record.sequence
    account = record.change.subject
  }
}

/// The accounts of the newest records, which follow each other.
struct RecentChanges: Sendable {
  /// How many are kept at least; twice as many at most.
  private static let kept = 65_536

  private var changes: [ChangedAccount] = []

  mutating func add(_ record: ChangeRecord) {
    if let last = changes.last, last.sequence + 1 != record.sequence { changes = [] }
    changes.append(ChangedAccount(record))
    if changes.count == 2 * Self.kept { changes.removeFirst(Self.kept) }
  }

  /// Those after a sequence, at most `limit` of them; nil when that lies further back than what is kept.
  func changed(after start: Int64, limit: Int) -> [ChangedAccount]? {
    guard let first = changes.first?.sequence, start + 1 >= first else { return nil }
    let place = min(Int(start + 1 - first), changes.count)
    return Array(changes[place..<min(place + limit, changes.count)])
  }
}
