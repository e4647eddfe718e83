import Synchronization

/// The last sequence whose change is visible in the index.
final class LogPosition: Sendable {
  private let sequence = Atomic<Int64>(0)

  var last: Int64 {
    get { sequence.load(ordering: .acquiring) }
    set { sequence.store(newValue, ordering: .releasing) }
  }

  /// The records of a log after a sequence, but none behind this position.
  func visible(after start: Int64, limit: Int, in log: any ChangeLog) async throws -> [ChangeRecord] {
    let end = last
    return try await log.changes(after: start, limit: limit).filter { $0.sequence <= end }
  }
}
