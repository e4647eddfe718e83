import Synchronization

/// Counts what a full queue dropped, or a full table had no room for.
final class DropCount: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add(_ more: Int = 1) { count.add(more, ordering: .relaxed) }
}
