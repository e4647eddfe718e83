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
    /// When it was said last that it is to be announced.
    var answered: Instant?
    /// When that was because of what a server was found with; nil once the message was heard that can have brought it there.
    var found: Instant?
    var count = 0
  }

  /// An account that is fought over.
  struct Alert: Sendable, Hashable {
    let account: AccountKey
    let cause: Cause
    /// How often it was repaired.
    let count: Int
  }

  private static let window = Duration.seconds(60)
  private static let free = 3
  private static let firstPause = Duration.seconds(10)
  private static let longestPause = Duration.seconds(300)
  /// How long after its claims were found at a server a message can be heard.
  private static let late = Duration.milliseconds(250)

  /// Accounts that nothing is kept of are announced so often, when there is no room for more.
  private static let strangersASecond = 50

  private let most: Int
  private var accounts: [AccountKey: Account] = [:]
  private var strangers: (since: Instant, count: Int)?
  /// When an account had to be forgotten last that was touched a moment before.
  private var crowded: Instant?
  /// How many causes could not be kept for want of room.
  private(set) var uncounted = 0

  init(most: Int = 4096) { self.most = most }

  /// Somebody sent servers other claims of an account than the stored ones (`isMessage`), or a server was found with them.
  mutating func seen(_ cause: Cause, of account: AccountKey, isMessage: Bool = true, at now: Instant) -> Decision {
    let (room, isCrowded) = accounts[account] == nil ? room(for: cause, at: now) : (nil, false)
    guard var known = accounts[account] ?? room else {
      // Thousands of accounts are fought over: what is done to others is put right all the same, at a rate.
      uncounted += 1
      return stranger(at: now)
    }
    known.cause = cause
    known.lastCause = now
    known.recent.removeAll { $0.duration(to: now) >= Self.window }
    defer { accounts[account] = known }
    if isCrowded {
      uncounted += 1
      return stranger(at: now)
    }
    if known.due != nil { return .postpone }
    if isMessage, let found = known.found, found.duration(to: now) < Self.late {
      // The same attack once more: it counts once.
      (known.found, known.answered) = (nil, now)
      return .announce
    }
    if known.pause == nil, known.recent.count < Self.free {
      known.recent.append(now)
      known.answered = now
      known.found = isMessage ? nil : now
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
        known.answered = now
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

  /// Whether an account was announced again within the last seconds because of something that somebody sent.
  func isAnswering(_ account: AccountKey, at now: Instant) -> Bool {
    accounts[account].map { $0.lastCause.duration(to: now) < .seconds(5) } ?? false
  }

  /// When it was said last that an account is to be announced again; it may not have gone out yet.
  func lastAnswered(_ account: AccountKey) -> Instant? { accounts[account]?.answered }

  /// Makes room, where it is needed, by forgetting those that are not fought over, the longest untouched first; it is crowded where some of these were
  /// touched a moment ago, and may be fought over all the same.
  private mutating func room(for cause: Cause, at now: Instant) -> (Account?, isCrowded: Bool) {
    var isCrowded = crowded.map { $0.duration(to: now) < Self.window } ?? false
    if accounts.count >= most {
      let peaceful = accounts.filter { $0.value.pause == nil }.sorted { $0.value.lastCause < $1.value.lastCause }
      // An eighth at a time: to look for the oldest takes as long as for one.
      for (account, known) in peaceful.prefix(max(1, most / 8)) {
        accounts[account] = nil
        if known.lastCause.duration(to: now) < Self.window {
          isCrowded = true
          crowded = now
        }
      }
    }
    return (accounts.count < most ? Account(cause: cause, lastCause: now) : nil, isCrowded)
  }

  private mutating func stranger(at now: Instant) -> Decision {
    if let strangers, strangers.since.duration(to: now) < .seconds(1) {
      self.strangers = (strangers.since, strangers.count + 1)
      return strangers.count < Self.strangersASecond ? .announce : .postpone
    }
    strangers = (now, 1)
    return .announce
  }
}
