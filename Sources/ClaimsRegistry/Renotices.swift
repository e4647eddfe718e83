public import Claims
import Synchronization

/// Requests to announce an account's claims again, from the doors to the announcer: at most one a second for an account.
public final class Renotices: Sendable {
  private struct State {
    var granted: [AccountKey: ContinuousClock.Instant] = [:]
    var swept: ContinuousClock.Instant?
    var listener: AsyncStream<AccountKey>.Continuation?
  }

  private static let interval = Duration.seconds(1)
  private static let largestQueue = 1024

  private let state = Mutex(State())

  /// Creates it; requests go nowhere until someone listens.
  public init() {}

  /// Asks for an announcement.
  ///
  /// - Returns: false when the account was announced on request within the last second.
  @discardableResult
  public func request(_ account: AccountKey, now: ContinuousClock.Instant = .now) -> Bool {
    let listener = state.withLock { state -> AsyncStream<AccountKey>.Continuation?? in
      if let last = state.granted[account], last.duration(to: now) < Self.interval { return .none }
      if state.swept.map({ $0.duration(to: now) >= Self.interval }) ?? true {
        state.granted = state.granted.filter { $0.value.duration(to: now) < Self.interval }
        state.swept = now
      }
      state.granted[account] = now
      return .some(state.listener)
    }
    guard let listener else { return false }
    listener?.yield(account)
    return true
  }

  /// The requests from now on. One listener at a time: a new one takes the place of the old.
  public func stream() -> AsyncStream<AccountKey> {
    let (stream, continuation) = AsyncStream.makeStream(of: AccountKey.self, bufferingPolicy: .bufferingNewest(Self.largestQueue))
    let old = state.withLock { state in
      defer { state.listener = continuation }
      return state.listener
    }
    old?.finish()
    return stream
  }
}
