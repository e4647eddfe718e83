public import Claims
import Synchronization

/// Deleted accounts that nats-servers may still hold: each is asked about until no server lets its clients in, or it came back, and ever less
/// often for a while longer, since a server that was away or slow did not answer. Does what ``HeldRounds`` decides.
public final class HeldAccounts: Sendable {
  private struct State {
    var port: (any AccountHolders)?
    var rounds: HeldRounds
  }

  /// How many accounts are asked about at once.
  private static let batch = 64
  /// How often it is looked whether a round is due, at most.
  private static let tick = Duration.seconds(1)

  /// The default pause between two rounds.
  public static let interval = Duration.seconds(30)

  private let state: Mutex<State>

  /// Creates an empty list; nobody is asked before a port is attached.
  public convenience init() { self.init(HeldRounds()) }

  init(_ rounds: HeldRounds) {
    state = Mutex(State(rounds: rounds))
  }

  /// Whether there is somebody to ask.
  public var isAttached: Bool { state.withLock { $0.port != nil } }

  /// Tells whom to ask.
  public func attach(_ port: any AccountHolders) {
    state.withLock { $0.port = port }
  }

  /// How many accounts servers are not asked about, because too many wait.
  public var passedOver: Int { state.withLock { $0.rounds.passedOver } }

  /// Puts accounts on the list.
  func watch(_ accounts: [AccountKey]) {
    state.withLock { state in
      guard state.port != nil else { return }
      for account in accounts { state.rounds.watch(account) }
    }
  }

  /// Asks the servers now.
  public func ask(_ accounts: [AccountKey]) async -> HoldersAnswer {
    guard let port = state.withLock({ $0.port }) else { return .notAsked("no nats-server is configured here") }
    let answer = await port.holders(of: accounts)
    if case .asked(let holders) = answer {
      state.withLock { state in
        for (account, servers) in holders { state.rounds.answered(account, servers) }
      }
    }
    return answer
  }

  /// The accounts on the list that are held, with their servers, sorted; those that came back are taken off the list.
  func held(isDeleted: (AccountKey) -> Bool) -> [(account: AccountKey, servers: [String])] {
    forget(isDeleted: isDeleted)
    return state.withLock { $0.rounds.holders }.sorted { $0.key < $1.key }.map { (account: $0.key, servers: $0.value) }
  }

  /// Asks about everything on the list, again and again, until the task is cancelled.
  func follow(every interval: Duration, isDeleted: @Sendable (AccountKey) -> Bool) async {
    while !Task.isCancelled {
      forget(isDeleted: isDeleted)
      if let (unasked, others) = state.withLock({ $0.rounds.begin(at: .now, every: interval) }) {
        if await ask(inBatches: unasked) {
          _ = await ask(inBatches: others)
        } else {
          state.withLock { $0.rounds.failed(at: .now) }
        }
      }
      do { try await Task.sleep(for: min(interval, Self.tick)) } catch { return }
    }
  }

  /// Has the servers asked now: they may have come back without what they held.
  public func hurry() {
    state.withLock { $0.rounds.hurry() }
  }

  /// - Returns: false when servers could not be asked about all of them.
  private func ask(inBatches accounts: [AccountKey]) async -> Bool {
    var rest = accounts[...]
    while !rest.isEmpty {
      guard case .asked = await ask(Array(rest.prefix(Self.batch))), !Task.isCancelled else { return false }
      rest = rest.dropFirst(Self.batch)
    }
    return true
  }

  private func forget(isDeleted: (AccountKey) -> Bool) {
    let back = state.withLock { $0.rounds.accounts }.filter { !isDeleted($0) }
    guard !back.isEmpty else { return }
    state.withLock { state in
      for account in back { state.rounds.forget(account) }
    }
  }
}
