import Claims

/// What resolvers were told of accounts that they hold otherwise, so that they are not told the same in every round. Pure.
struct ResolverBook: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// Why an account is told of.
  enum Reason: Sendable, Hashable {
    /// The resolver lacks it, or holds another token: our token goes out as an update.
    case token(TokenDigest)
    /// The account is deleted here: its delete claim goes out.
    case deletion(TokenDigest)
  }

  private struct Told: Sendable {
    var reason: Reason
    var times = 0
    /// How many packs in a row were as told since.
    var agreements = 0
    var last: Instant
  }

  private static let most = 65_536
  /// After so many times it does not seem to help: then there are pauses, each twice as long as the one before.
  private static let tries = 3
  private static let pauses = Duration.seconds(300)...Duration.seconds(3600)
  /// Of several resolvers one sends its pack, whichever: only when so many packs agree is it likely that all do.
  private static let enough = 8

  private var told: [AccountKey: Told] = [:]
  /// How often an account was not told of because too many are.
  private(set) var passedOver = 0

  /// Whether resolvers are to be told of an account now.
  mutating func mayTell(_ account: AccountKey, _ reason: Reason, at now: Instant) -> Bool {
    var entry = told[account] ?? Told(reason: reason, last: now)
    if entry.reason != reason { entry = Told(reason: reason, last: now) }
    entry.agreements = 0
    defer { if told[account] != nil { told[account] = entry } }
    guard entry.times < Self.tries || entry.last.duration(to: now) >= Self.pause(after: entry.times) else { return false }
    if told[account] == nil, told.count >= Self.most {
      told = told.filter { $0.value.last.duration(to: now) < Self.pauses.upperBound }
      guard told.count < Self.most else {
        passedOver += 1
        return false
      }
    }
    entry.times += 1
    entry.last = now
    told[account] = entry
    return true
  }

  private static func pause(after times: Int) -> Duration {
    let doublings = min(times - tries, 8)
    return min(pauses.upperBound, pauses.lowerBound * (1 << doublings))
  }

  /// Whether the pause of an account is over.
  func isDue(at now: Instant) -> Bool {
    told.values.contains { $0.agreements == 0 && ($0.times < Self.tries || $0.last.duration(to: now) >= Self.pause(after: $0.times)) }
  }

  /// A resolver's pack has an account as it is here.
  mutating func agreed(_ account: AccountKey) {
    guard var entry = told[account] else { return }
    entry.agreements += 1
    told[account] = entry.agreements < Self.enough ? entry : nil
  }

  /// A whole pack has these accounts only: what was deleted and is not among them is gone there.
  mutating func ended(with accounts: Set<AccountKey>) {
    for (account, entry) in told where !accounts.contains(account) {
      if case .deletion = entry.reason { agreed(account) }
    }
  }

  /// A resolver holds the same in everything.
  mutating func agreedInAll() { for account in told.keys { agreed(account) } }

  /// A resolver holds what it held at the last look: what was as told then is so still.
  mutating func agreedOnceMore() { for (account, entry) in told where entry.agreements > 0 { agreed(account) } }

  /// Whether resolvers were told of an account for this reason.
  func knows(_ account: AccountKey, _ reason: Reason) -> Bool { told[account]?.reason == reason }

  /// Whether resolvers were told of an account, and not all of them are likely to have taken it.
  func isOpen(_ account: AccountKey) -> Bool { told[account] != nil }

  /// The accounts that telling did not help, until it is likely that it did.
  var unhelped: [AccountKey] { told.filter { $0.value.times >= Self.tries }.keys.sorted() }
}
