import Synchronization

/// How many questions about keys that nobody has each address may ask in a second, where that is bounded. Questions about keys that are served are
/// never counted.
final class UnknownKeyRate: Sendable {
  private struct State {
    var second: Int64 = 0
    var asked: [String: Int] = [:]
  }

  /// How many addresses are counted in a second: there are more of them than there is memory.
  private static let mostAddresses = 65_536

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  /// Counts a question; false when it is one too many.
  func admits(_ address: String, now: Int64) -> Bool {
    state.withLock { state in
      if state.second != now { state = State(second: now) }
      guard state.asked.count < Self.mostAddresses || state.asked[address] != nil else { return true }
      let asked = state.asked[address, default: 0] + 1
      state.asked[address] = asked
      return asked <= limit
    }
  }
}
