import Claims
import Synchronization

/// Accounts that wait for something, to be announced again for example: each waits once, however often it is asked for, and not more of them than there is room for.
final class AgainList: Sendable {
  private let most: Int

  private struct State {
    var accounts: Set<AccountKey> = []
    var signal: (@Sendable () -> Void)?
  }

  private let drops: DropCount
  private let state = Mutex(State())

  /// What there is no room for is counted by `drops`.
  init(most: Int = 65_536, drops: DropCount) {
    self.most = most
    self.drops = drops
  }

  /// Has `signal` called each time there is something to take where there was nothing, and at once if something waits already.
  func notify(_ signal: @escaping @Sendable () -> Void) {
    let waits = state.withLock { state in
      state.signal = signal
      return !state.accounts.isEmpty
    }
    if waits { signal() }
  }

  func add(_ account: AccountKey) {
    let signal = state.withLock { state -> (@Sendable () -> Void)? in
      if state.accounts.contains(account) { return nil }
      guard state.accounts.count < most else {
        drops.add()
        return nil
      }
      state.accounts.insert(account)
      return state.accounts.count == 1 ? state.signal : nil
    }
    signal?()
  }

  /// Takes all that waits.
  func take() -> [AccountKey] {
    state.withLock { state in
      defer { state.accounts = [] }
      return Array(state.accounts)
    }
  }
}
