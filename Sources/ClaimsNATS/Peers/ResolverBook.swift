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
    var last: Instant
  }

  private static let most = 65_536
  /// After so many times in a row it does not help, and waits for the pause.
  private static let tries = 3
  private static let pause = Duration.seconds(3600)

  private var told: [AccountKey: Told] = [:]

  /// Whether resolvers are to be told of an account now.
  mutating func mayTell(_ account: AccountKey, _ reason: Reason, at now: Instant) -> Bool {
    var entry = told[account] ?? Told(reason: reason, last: now)
    if entry.reason != reason { entry = Told(reason: reason, last: now) }
    if entry.times >= Self.tries {
      guard entry.last.duration(to: now) >= Self.pause else { return false }
      entry.times = 0
    }
    if told[account] == nil, told.count >= Self.most {
      told = told.filter { $0.value.last.duration(to: now) < Self.pause }
      guard told.count < Self.most else { return false }
    }
    entry.times += 1
    entry.last = now
    told[account] = entry
    return true
  }

  /// An account that a resolver holds as we do, or no more: nothing is to be told of it.
  mutating func agreed(_ account: AccountKey) { told[account] = nil }

  /// The accounts that telling did not help.
  var stubborn: [AccountKey] { told.filter { $0.value.times >= Self.tries }.keys.sorted() }
}
