import Synchronization

/// Something that may happen so many times, whichever threads come first.
final class Allowance: Sendable {
  private let left: Atomic<Int>

  init(_ times: Int) {
    left = Atomic(times)
  }

  /// True for the first who ask.
  func take() -> Bool {
    // Whoever asks for ever must not get it below the least number there is.
    guard left.load(ordering: .relaxed) > 0 else { return false }
    return left.subtract(1, ordering: .relaxed).oldValue > 0
  }
}
