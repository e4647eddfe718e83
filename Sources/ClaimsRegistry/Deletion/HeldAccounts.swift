public import Claims
import Synchronization

/// Deleted accounts that nats-servers may still hold: each is asked about until no server lets its clients in, or it came back, and ever less
/// often for a while longer, since a server that was away or slow did not answer.
public final class HeldAccounts: Sendable {
  private struct State {
    /// How many accounts may wait for somebody to ask, and how many are asked about once more.
    let mostUnasked: Int
    let mostReleased: Int
    var port: (any AccountHolders)?
    /// Accounts that no server was asked about yet.
    var unasked: Set<AccountKey> = []
    /// The servers that held an account when they were asked the last time.
    var holders: [AccountKey: [String]] = [:]
    /// Accounts that no server held when they were asked the last time: after how many rounds to ask again, and in which.
    var released: [AccountKey: (pause: Int, due: Int)] = [:]
    /// How many times all were asked about.
    var round = 0
    /// How many accounts nobody will be asked about for want of room.
    var passedOver = 0
    /// Whether servers are to be asked now, not only when the time has come.
    var isHurried = false

    /// Notes that no server holds an account, as far as they answered.
    mutating func release(_ account: AccountKey) {
      let pause = released[account].map { $0.pause * 2 } ?? 1
      // Where there is no room for a second look there is none: the first one found nobody.
      guard pause <= HeldAccounts.longestPause, released[account] != nil || released.count < mostReleased else {
        released[account] = nil
        return
      }
      released[account] = (pause, round + pause)
    }

    mutating func watch(_ account: AccountKey) {
      if unasked.contains(account) { return }
      if unasked.count < mostUnasked { unasked.insert(account) } else { passedOver += 1 }
    }

    /// Begins a round, and gives the accounts to ask about: those that nobody was asked about yet, and the others.
    mutating func begin() -> (unasked: [AccountKey], others: [AccountKey]) {
      round += 1
      return (Array(unasked), Array(holders.keys) + released.filter { $0.value.due <= round }.map(\.key))
    }
  }

  /// How many accounts are asked about at once.
  private static let batch = 64
  private static let retry = Duration.seconds(1)
  /// The default pause between two rounds.
  public static let interval = Duration.seconds(30)
  /// After how many rounds a released account is asked about for the last time.
  fileprivate static let longestPause = 128

  private let state: Mutex<State>

  /// Creates an empty list; nobody is asked before a port is attached.
  public convenience init() { self.init(mostUnasked: 1 << 17, mostReleased: 1024) }

  init(mostUnasked: Int, mostReleased: Int) {
    state = Mutex(State(mostUnasked: mostUnasked, mostReleased: mostReleased))
  }

  /// Whether there is somebody to ask.
  public var isAttached: Bool { state.withLock { $0.port != nil } }

  /// Tells whom to ask.
  public func attach(_ port: any AccountHolders) {
    state.withLock { $0.port = port }
  }

  /// How many accounts servers are not asked about, because too many wait.
  public var passedOver: Int { state.withLock { $0.passedOver } }

  /// Puts accounts on the list.
  func watch(_ accounts: [AccountKey]) {
    state.withLock { state in
      guard state.port != nil else { return }
      for account in accounts { state.watch(account) }
    }
  }

  /// Asks the servers now.
  public func ask(_ accounts: [AccountKey]) async -> HoldersAnswer {
    guard let port = state.withLock({ $0.port }) else { return .notAsked("no nats-server is configured here") }
    let answer = await port.holders(of: accounts)
    if case .asked(let holders) = answer {
      state.withLock { state in
        for (account, servers) in holders {
          state.unasked.remove(account)
          state.holders[account] = servers.isEmpty ? nil : servers
          if servers.isEmpty { state.release(account) } else { state.released[account] = nil }
        }
      }
    }
    return answer
  }

  /// The accounts on the list that are held, with their servers, sorted; those that came back are taken off the list.
  func held(isDeleted: (AccountKey) -> Bool) -> [(account: AccountKey, servers: [String])] {
    forget(isDeleted: isDeleted)
    return state.withLock { $0.holders }.sorted { $0.key < $1.key }.map { (account: $0.key, servers: $0.value) }
  }

  /// Asks about everything on the list, again and again, until the task is cancelled.
  func follow(every interval: Duration, isDeleted: @Sendable (AccountKey) -> Bool) async {
    while !Task.isCancelled {
      forget(isDeleted: isDeleted)
      let isDone = await askAll()
      let next = ContinuousClock.now + (isDone ? interval : min(interval, Self.retry))
      do {
        while ContinuousClock.now < next, !takeHurry() { try await Task.sleep(for: min(interval, Self.retry)) }
      } catch {
        return
      }
    }
  }

  /// Has the servers asked now: they may have come back without what they held.
  public func hurry() {
    state.withLock { $0.isHurried = true }
  }

  private func takeHurry() -> Bool {
    state.withLock { state in
      defer { state.isHurried = false }
      return state.isHurried
    }
  }

  /// - Returns: false when servers could not be asked about an account that they were never asked about.
  private func askAll() async -> Bool {
    var (unasked, held) = state.withLock { $0.begin() }
    while !unasked.isEmpty {
      guard case .asked = await ask(Array(unasked.suffix(Self.batch))), !Task.isCancelled else { return false }
      unasked.removeLast(min(Self.batch, unasked.count))
    }
    while !held.isEmpty {
      guard case .asked = await ask(Array(held.suffix(Self.batch))), !Task.isCancelled else { break }
      held.removeLast(min(Self.batch, held.count))
    }
    return true
  }

  private func forget(isDeleted: (AccountKey) -> Bool) {
    let all = state.withLock { $0.unasked.union($0.holders.keys).union($0.released.keys) }
    let back = all.filter { !isDeleted($0) }
    guard !back.isEmpty else { return }
    state.withLock { state in
      state.unasked.subtract(back)
      for account in back {
        state.holders[account] = nil
        state.released[account] = nil
      }
    }
  }
}
