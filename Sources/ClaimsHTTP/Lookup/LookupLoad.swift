import Synchronization

/// Whether lookups come, for whoever gives way to them.
final class LookupLoad: Sendable {
  private let lookups = Atomic<Int>(0)

  /// How many came since the start.
  var count: Int { lookups.load(ordering: .relaxed) }

  /// Notes one that came.
  func note() { lookups.add(1, ordering: .relaxed) }
}
