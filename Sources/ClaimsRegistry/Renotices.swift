public import Claims
import Synchronization

/// Requests to announce an account's claims again, from the doors to the announcer: at most one a second for an account.
public final class Renotices: Sendable {
  private struct State {
    var granted: [AccountKey: ContinuousClock.Instant] = [:]
    var swept: ContinuousClock.Instant?
    var listener: (@Sendable (AccountKey) -> Void)?
  }

  private static let interval = Duration.seconds(1)

  private let state = Mutex(State())

  /// Creates it; requests go nowhere until someone listens.
  public init() {}

  /// Asks for an announcement.
  ///
  /// - Returns: false when the account was announced on request within the last second.
  @discardableResult
  public func request(_ account: AccountKey, now: ContinuousClock.Instant = .now) -> Bool {
    let (isGranted, listener) = state.withLock { state -> (Bool, (@Sendable (AccountKey) -> Void)?) in
      if let last = state.granted[account], last.duration(to: now) < Self.interval { return (false, nil) }
      if state.swept.map({ $0.duration(to: now) >= Self.interval }) ?? true {
        state.granted = state.granted.filter { $0.value.duration(to: now) < Self.interval }
        state.swept = now
      }
      state.granted[account] = now
      return (true, state.listener)
    }
    listener?(account)
    return isGranted
  }

  /// Has each request from now on told to `listener`, from any thread, which it must not hold up. A new listener takes the place of the old.
  public func listen(_ listener: @escaping @Sendable (AccountKey) -> Void) {
    state.withLock { $0.listener = listener }
  }
}
