import Synchronization

/// Counts open connections against a cap.
final class ConnectionCount: Sendable {
  private let cap: Int
  private let count = Atomic<Int>(0)

  init(cap: Int) {
    self.cap = cap
  }

  /// The connections open now.
  var open: Int { count.load(ordering: .relaxed) }

  /// Counts a connection; false when there are too many. Either way ``leave()`` must follow.
  func enter() -> Bool {
    count.add(1, ordering: .relaxed).newValue <= cap
  }

  func leave() {
    count.subtract(1, ordering: .relaxed)
  }
}
