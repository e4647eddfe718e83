import Claims

/// Which accounts servers are asked about when: what they hold is compared with the store, within a budget of requests. Pure.
///
/// Every round the servers list what they have in memory, and each of those accounts is looked at once. Accounts that changed, that clients
/// connect to, or that somebody sent other claims of, go first.
struct Reconciler: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// The bounds of what is asked.
  struct Limits: Sendable {
    /// The pause from the beginning of a round to that of the next.
    var interval = Duration.seconds(30)
    /// Accounts that are asked about in a second.
    var budget = 50
    /// Accounts that wait to be asked about out of turn.
    var urgent = 8192
    /// Accounts of a round.
    var round = 1 << 20
  }

  /// What to ask.
  enum Question: Sendable, Equatable {
    /// All servers: which accounts they hold.
    case list
    /// All servers: what they hold of these.
    case holdings([AccountKey])
  }

  private let limits: Limits
  private var urgent: [AccountKey: Instant] = [:]
  private var round: Set<AccountKey> = []
  private var nextRound: Instant?
  private var allowance: Double
  private var lastTick: Instant?
  /// How many accounts were not asked about out of turn, or in their round, because too many waited.
  private(set) var dropped = 0

  init(limits: Limits = Limits()) {
    self.limits = limits
    allowance = Double(limits.budget)
  }

  /// Has an account asked about out of turn, not before a moment.
  mutating func urge(_ account: AccountKey, at time: Instant) {
    if let known = urgent[account] {
      urgent[account] = min(known, time)
    } else if urgent.count < limits.urgent {
      urgent[account] = time
    } else {
      dropped += 1
    }
  }

  /// A server listed what it holds.
  mutating func listed(_ accounts: [AccountKey]) {
    for account in accounts {
      guard round.count < limits.round else {
        dropped += 1
        continue
      }
      round.insert(account)
    }
  }

  /// Begins a round soon: servers came back, or the connection did.
  mutating func hurry(at now: Instant) {
    nextRound = min(nextRound ?? now, now)
  }

  /// What to ask now.
  mutating func questions(at now: Instant) -> [Question] {
    if let lastTick {
      let elapsed = lastTick.duration(to: now) / Duration.seconds(1)
      allowance = min(allowance + elapsed * Double(limits.budget), Double(limits.budget))
    }
    lastTick = now
    var questions: [Question] = []
    if round.isEmpty, now >= nextRound ?? now {
      nextRound = now + limits.interval
      questions.append(.list)
    }
    let accounts = take(Int(allowance), at: now)
    allowance -= Double(accounts.count)
    if !accounts.isEmpty { questions.append(.holdings(accounts)) }
    return questions
  }

  /// Those that are due, urgent ones first; a quarter is kept for the round, so that nobody can hold it up.
  private mutating func take(_ count: Int, at now: Instant) -> [AccountKey] {
    guard count > 0 else { return [] }
    let most = round.isEmpty ? count : max(1, count - count / 4)
    let due = urgent.filter { now >= $0.value }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(most).map(\.key)
    for account in due {
      urgent[account] = nil
      round.remove(account)
    }
    var taken = due
    while taken.count < count, let account = round.popFirst() { taken.append(account) }
    return taken
  }
}
