public import Claims
import Synchronization

/// Accounts that are asked for and not known: a bounded list, so that a storm of invented keys takes no memory.
public final class UnknownAccounts: Sendable {
  /// How often an account was asked for, and when last.
  public struct Asked: Sendable, Hashable {
    /// How often.
    public internal(set) var count = 0
    /// When last, in milliseconds since 1970.
    public internal(set) var last: Int64 = 0
  }

  private static let most = 1024
  /// After so many milliseconds without a question an account gives its place to another.
  private static let memory: Int64 = 600_000

  private let clock: WallClock
  private struct State {
    var accounts: [AccountKey: Asked] = [:]
    var swept: Int64 = 0
    var passedOver = 0
  }

  private let state = Mutex(State())

  init(clock: WallClock) {
    self.clock = clock
  }

  /// Somebody asked for an account that is not known here.
  public func asked(_ account: AccountKey) {
    let now = clock.milliseconds()
    state.withLock { state in
      if state.accounts[account] == nil, state.accounts.count >= Self.most {
        if now - state.swept >= 1000 {
          state.swept = now
          state.accounts = state.accounts.filter { now - $0.value.last < Self.memory }
        }
        guard state.accounts.count < Self.most else {
          state.passedOver += 1
          return
        }
      }
      state.accounts[account, default: Asked()].count += 1
      state.accounts[account]?.last = now
    }
  }

  /// How many questions about other accounts there was no room for.
  public var passedOver: Int { state.withLock { $0.passedOver } }

  /// Those that were asked for and are still not known, those that were asked for most first.
  public func all(isKnown: (AccountKey) -> Bool) -> [(account: AccountKey, asked: Asked)] {
    let known = state.withLock { Array($0.accounts.keys) }.filter(isKnown)
    return state.withLock { state in
      for account in known { state.accounts[account] = nil }
      return state.accounts.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { ($0.key, $0.value) }
    }
  }
}
