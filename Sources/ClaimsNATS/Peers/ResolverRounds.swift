import Claims

/// Asks for resolvers' packs in rounds, and decides what follows from them. Pure.
///
/// A resolver sends nothing to one who has its hash. Where it holds something else that cannot be changed (it refuses a deletion, or has accounts of
/// its own) it would send all of it in every round; so after a pack from which nothing followed it is asked with its own hash, as long as what is
/// stored here is the same too.
struct ResolverRounds: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// How a pack ended.
  enum Ending: Sendable, Equatable {
    /// Another of ours answered: the question is put again, with this token.
    case again(String)
    /// The states are the same, or there is no resolver; or the resolver holds what it held before.
    case same
    /// The resolver holds these accounts, and no others, when so much of the log was announced.
    case whole(Set<AccountKey>, announced: Int64)
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
    /// The hash of what is stored here, and whether the question carried the resolver's instead.
    let own: StoreHash
    var isRepeated = false
    /// What was announced when the question was put; what comes later may be on its way to the resolver.
    let announced: Int64
    /// The hash of what the resolver sent.
    var theirs = StoreHash()
    /// Whether something followed from it.
    var isNews = false
    /// Accounts that only the resolver has, with the reason why they are not taken.
    var foreign: [AccountKey: String] = [:]
    var last: Instant
  }

  /// One of the group answers, whichever: a resolver may be the next.
  private static let mostAttempts = 16
  private static let silence = Duration.seconds(10)
  /// Of more accounts it is not looked which ones the resolver lacks: it asks for our pack itself.
  static let mostSeen = 1 << 18

  private let mostSeen: Int
  private static let mostForeign = 64

  private var round: Round?
  /// Accounts that the resolver had of its own in the last whole pack, with the reason why they are not taken.
  private(set) var foreign: [AccountKey: String] = [:]
  private var book = ResolverBook()
  /// What was stored here and there when nothing followed from a pack.
  private var settled: (own: StoreHash, theirs: StoreHash)?

  init(mostSeen: Int = Self.mostSeen) { self.mostSeen = mostSeen }

  /// Begins a round, unless a pack is coming in.
  ///
  /// - Parameters:
  ///   - token: what the replies are to carry.
  ///   - own: the hash of what is stored here.
  ///   - announced: the last record of the log that was announced with all before it.
  ///   - drops: how many messages were dropped so far.
  ///   - now: the time.
  /// - Returns: the hash that the question is to carry; nil when it is not to be put.
  mutating func begin(_ token: String, own: StoreHash, announced: Int64 = .max, drops: Int, at now: Instant) -> StoreHash? {
    if let round, round.last.duration(to: now) < Self.silence { return nil }
    var next = Round(token: token, drops: drops, own: own, announced: announced, last: now)
    let settled = settled.flatMap { $0.own == own && $0.theirs != own && !book.isDue(at: now) ? $0 : nil }
    next.isRepeated = settled != nil
    round = next
    return settled?.theirs ?? own
  }

  /// Forgets the pack that is coming in: its connection is gone.
  mutating func abandon() { round = nil }

  /// Whether a message with this token belongs to the pack that is coming in.
  func isOpen(_ token: String) -> Bool { round?.token == token }

  /// Something of the pack came.
  mutating func heard(at now: Instant) { round?.last = now }

  /// The pack is another of ours, which sends none.
  mutating func isPeers() { round?.isPeers = true }

  /// The pack has this token.
  mutating func got(_ digest: TokenDigest) { round?.theirs.add(digest) }

  /// The pack has this account, as it is here.
  mutating func agreed(_ account: AccountKey) {
    saw(account)
    book.agreed(account)
  }

  /// The pack has this account, and it was taken from there.
  mutating func took(_ account: AccountKey) {
    agreed(account)
    round?.isNews = true
  }

  /// The pack has an account that is not stored here, and is not taken for this reason.
  mutating func isForeign(_ account: AccountKey, _ reason: String) {
    saw(account)
    if round?.foreign.count ?? 0 < Self.mostForeign { round?.foreign[account] = reason }
  }

  /// The pack has this account otherwise than it is here.
  ///
  /// - Returns: whether resolvers are to be told of it now; not of a change whose announcement may have been on its way.
  mutating func differs(_ account: AccountKey, _ reason: ResolverBook.Reason, sequence: Int64 = 0, at now: Instant) -> Bool {
    saw(account)
    guard sequence <= round?.announced ?? .max else {
      round?.isNews = true
      return false
    }
    return mayTell(account, reason, at: now)
  }

  /// Whether resolvers are to be told of an account now.
  mutating func mayTell(_ account: AccountKey, _ reason: ResolverBook.Reason, at now: Instant) -> Bool {
    guard book.mayTell(account, reason, at: now) else { return false }
    round?.isNews = true
    return true
  }

  /// An account was deleted: whether resolvers are to be told of it now. Of the same deletion they are told once, and again by what packs have.
  mutating func mayTell(deletion claim: TokenDigest, of account: AccountKey, at now: Instant) -> Bool {
    !book.knows(account, .deletion(claim)) && mayTell(account, .deletion(claim), at: now)
  }

  /// Whether resolvers were told of an account, and not all of them are likely to have taken it.
  func isOpen(_ account: AccountKey) -> Bool { book.isOpen(account) }

  /// How often resolvers were not told of an account for want of room.
  var passedOver: Int { book.passedOver }

  /// The accounts that telling did not help.
  var unhelped: [AccountKey] { book.unhelped }

  private mutating func saw(_ account: AccountKey) {
    guard let count = round?.seen.count else { return }
    if count < mostSeen { round?.seen.insert(account) } else { round?.isWhole = false }
  }

  /// The pack is over. `next` is the token for another question, should one be due.
  mutating func end(drops: Int, next: @autoclosure () -> String, at now: Instant) -> Ending? {
    guard let ended = round else { return nil }
    round = nil
    if ended.isPeers {
      guard ended.attempts < Self.mostAttempts else {
        // There is none left.
        book.agreedInAll()
        foreign = [:]
        return .part
      }
      var again = Round(token: next(), drops: drops, own: ended.own, announced: ended.announced, last: now)
      again.attempts = ended.attempts + 1
      again.isRepeated = ended.isRepeated
      round = again
      return .again(again.token)
    }
    if ended.seen.isEmpty, ended.theirs == StoreHash() {
      if ended.isRepeated {
        book.agreedOnceMore()
      } else {
        book.agreedInAll()
        foreign = [:]
      }
      return .same
    }
    settled = nil
    guard ended.drops == drops else { return .part }
    foreign = ended.foreign
    if !ended.isNews { settled = (ended.own, ended.theirs) }
    guard ended.isWhole else { return .part }
    book.ended(with: ended.seen)
    return .whole(ended.seen, announced: ended.announced)
  }

  /// What a resolver lacks was found, and it was told: the next pack is looked at.
  mutating func toldOfMissing() { settled = nil }

  /// The hash that a question carries which is put again.
  var question: StoreHash? { round.map { $0.isRepeated ? settled?.theirs ?? $0.own : $0.own } }
}
