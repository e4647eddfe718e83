import Synchronization

/// Something that is to happen once, whichever thread comes first.
final class Once: Sendable {
  private let isTaken = Atomic(false)

  /// True for the first who asks.
  func take() -> Bool { !isTaken.exchange(true, ordering: .relaxed) }
}
