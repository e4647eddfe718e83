import Claims

/// Asks for resolvers' packs in rounds, and decides what follows from them. Pure.
struct ResolverRounds: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// How a pack ended.
  enum Ending: Sendable, Equatable {
    /// Another of ours answered: the question is put again, with this token.
    case again(String)
    /// The states are the same, or there is no resolver.
    case same
    /// The resolver holds these accounts, and no others.
    case whole(Set<AccountKey>)
    /// Not everything that came was looked at: nothing follows for what was not seen.
    case part
  }

  private struct Round: Sendable {
    let token: String
    var seen: Set<AccountKey> = []
    var isWhole = true
    /// Whether another of ours answered, and no resolver.
    var isPeers = false
    /// How often the question was put, because others of ours answered it.
    var attempts = 1
    /// How much was dropped when it began: what is dropped meanwhile may be part of it.
    let drops: Int
    var last: Instant
  }

  /// One of the group answers, whichever: a resolver may be the next.
  private static let mostAttempts = 16
  private static let silence = Duration.seconds(10)
  /// Of more accounts it is not looked which ones the resolver lacks: it asks for our pack itself.
  static let mostSeen = 1 << 18

  private let mostSeen: Int
  private var round: Round?
  var book = ResolverBook()

  init(mostSeen: Int = Self.mostSeen) { self.mostSeen = mostSeen }

  /// Begins a round, unless a pack is coming in.
  ///
  /// - Parameters:
  ///   - token: what the replies are to carry.
  ///   - drops: how many messages were dropped so far.
  ///   - now: the time.
  /// - Returns: whether the question is to be put.
  mutating func begin(_ token: String, drops: Int, at now: Instant) -> Bool {
    if let round, round.last.duration(to: now) < Self.silence { return false }
    round = Round(token: token, drops: drops, last: now)
    return true
  }

  /// Whether a message with this token belongs to the pack that is coming in.
  func isOpen(_ token: String) -> Bool { round?.token == token }

  /// Something of the pack came.
  mutating func heard(at now: Instant) { round?.last = now }

  /// The pack is another of ours, which sends none.
  mutating func isPeers() { round?.isPeers = true }

  /// The pack has this account.
  mutating func saw(_ account: AccountKey) {
    guard let count = round?.seen.count else { return }
    if count < mostSeen { round?.seen.insert(account) } else { round?.isWhole = false }
  }

  /// The pack is over. `next` is the token for another question, should one be due.
  mutating func end(drops: Int, next: @autoclosure () -> String, at now: Instant) -> Ending? {
    guard let ended = round else { return nil }
    round = nil
    if ended.isPeers {
      guard ended.attempts < Self.mostAttempts else { return .part }
      var again = Round(token: next(), drops: drops, last: now)
      again.attempts = ended.attempts + 1
      round = again
      return .again(again.token)
    }
    if ended.seen.isEmpty {
      book.agreedInAll()
      return .same
    }
    guard ended.isWhole, ended.drops == drops else { return .part }
    book.ended(with: ended.seen)
    return .whole(ended.seen)
  }
}
