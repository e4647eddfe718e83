import Claims

/// When an account is announced again because somebody sent servers other claims, and when that becomes a fight that is not to be fought on:
/// after three repairs of an account within a minute the pauses grow, and an alert is raised. Pure.
struct Repairs: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// What made a repair necessary, and who did it, as far as is known.
  struct Cause: Sendable, Hashable {
    /// What is wrong with the claims that were seen, in words.
    let text: String
    /// Who signed them, as they say.
    let issuer: String
    /// Where they were seen: a subject, or a server's name.
    let place: String
  }

  /// What to do.
  enum Decision: Sendable, Equatable {
    /// Announce the account's stored claims now.
    case announce
    /// Nothing now: the account is repaired when ``due(at:)`` says so.
    case postpone
  }

  private struct Account: Sendable {
    var recent: [Instant] = []
    var cause: Cause
    var pause: Duration?
    /// When it is to be announced the next time.
    var due: Instant?
    var lastCause: Instant
    var count = 0
  }

  /// An account that is fought over.
  struct Alert: Sendable, Hashable {
    let account: AccountKey
    let cause: Cause
    /// How often it was repaired.
    let count: Int
  }

  private static let most = 4096
  private static let window = Duration.seconds(60)
  private static let free = 3
  private static let firstPause = Duration.seconds(10)
  private static let longestPause = Duration.seconds(300)

  private var accounts: [AccountKey: Account] = [:]
  /// How many causes could not be kept for want of room.
  private(set) var uncounted = 0

  /// Somebody sent servers other claims of an account than the stored ones, or a server was found with them.
  mutating func seen(_ cause: Cause, of account: AccountKey, at now: Instant) -> Decision {
    guard var known = accounts[account] ?? room(for: cause, at: now) else {
      // Nobody fights over thousands of accounts at once without meaning harm: comparing puts them right in its own time.
      uncounted += 1
      return .postpone
    }
    known.cause = cause
    known.lastCause = now
    known.recent.removeAll { $0.duration(to: now) >= Self.window }
    defer { accounts[account] = known }
    if known.due != nil { return .postpone }
    if known.pause == nil, known.recent.count < Self.free {
      known.recent.append(now)
      known.count += 1
      return .announce
    }
    let pause = known.pause.map { min($0 * 2, Self.longestPause) } ?? Self.firstPause
    known.pause = pause
    known.due = now + pause
    return .postpone
  }

  /// The accounts whose pause is over: they are announced now. Those that nobody touched for a minute after that are at peace.
  mutating func due(at now: Instant) -> [AccountKey] {
    var due: [AccountKey] = []
    for (account, var known) in accounts {
      if let time = known.due, now >= time {
        known.due = nil
        known.count += 1
        due.append(account)
        accounts[account] = known
      } else if known.due == nil, known.lastCause.duration(to: now) >= Self.window {
        accounts[account] = nil
      }
    }
    return due
  }

  /// The accounts that are fought over.
  var alerts: [Alert] {
    accounts.filter { $0.value.pause != nil }.map { Alert(account: $0.key, cause: $0.value.cause, count: $0.value.count) }
      .sorted { $0.account < $1.account }
  }

  private func room(for cause: Cause, at now: Instant) -> Account? {
    accounts.count < Self.most ? Account(cause: cause, lastCause: now) : nil
  }
}
