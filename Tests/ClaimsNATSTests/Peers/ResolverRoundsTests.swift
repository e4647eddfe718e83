import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("Rounds of resolvers' packs")
struct ResolverRoundsTests {
  private func begun(_ rounds: ResolverRounds = ResolverRounds()) -> ResolverRounds {
    var rounds = rounds
    _ = rounds.begin("t1", own: own, drops: 0, at: .at(0))
    return rounds
  }

  private let own = Self.hash("stored")

  private static func hash(_ text: String) -> StoreHash {
    var hash = StoreHash()
    hash.add(Sample.digest(text))
    return hash
  }

  /// One round in which the resolver sends a token of an account that differs, if it is not asked with its own hash.
  private func round(_ rounds: inout ResolverRounds, _ account: AccountKey, own: StoreHash, at seconds: Double) -> (sent: Bool, told: Bool)
  {
    let theirs = Self.hash("theirs")
    let asked = rounds.begin("t\(seconds)", own: own, drops: 0, at: .at(seconds))
    var isTold = false
    if asked != theirs {
      rounds.got(Sample.digest("theirs"))
      isTold = rounds.differs(account, .deletion(Sample.digest("claim")), at: .at(seconds))
    }
    _ = rounds.end(drops: 0, next: "", at: .at(seconds))
    return (asked != theirs, isTold)
  }

  @Test("with a resolver that refuses what it is told do not have it send everything in every round")
  func unhelped() throws {
    var rounds = ResolverRounds()
    let account = try Sample.account()
    let outcomes = (0..<300).map { round(&rounds, account, own: own, at: Double($0) * 120) }
    // Ten hours.
    #expect(outcomes.filter(\.told).count == 15)
    #expect(outcomes.filter(\.sent).count == 28)
    #expect(rounds.unhelped == [account])
    #expect(round(&rounds, account, own: Self.hash("changed"), at: 40_000).sent == true)
  }

  @Test("with a resolver that has accounts of its own have it send everything once")
  func theirOwn() throws {
    var rounds = ResolverRounds()
    let account = try Sample.account()
    let sent = (0..<5).map { number -> Bool in
      let asked = rounds.begin("t\(number)", own: own, drops: 0, at: .at(Double(number) * 120))
      if asked == own {
        rounds.got(Sample.digest("theirs"))
        rounds.agreed(account)
      }
      _ = rounds.end(drops: 0, next: "", at: .at(Double(number) * 120))
      return asked == own
    }
    #expect(sent == [true, false, false, false, false])
  }

  @Test("name what only the resolver has and is not taken, also while it is not sent again, until a pack is without it")
  func foreign() throws {
    var rounds = begun()
    let (one, other) = (try Sample.account(), try Sample.account())
    rounds.got(Sample.digest("theirs"))
    rounds.isForeign(one, "untrusted issuer")
    rounds.isForeign(other, "too old")
    #expect(rounds.foreign.isEmpty, "it counts when the pack is whole")
    #expect(rounds.end(drops: 0, next: "", at: .at(1)) == .whole([one, other], announced: .max))
    #expect(rounds.foreign == [one: "untrusted issuer", other: "too old"])
    // Nothing followed from it: it is asked with its own hash, and says that it holds what it held.
    #expect(rounds.begin("t2", own: own, drops: 0, at: .at(120)) == Self.hash("theirs"))
    #expect(rounds.end(drops: 0, next: "", at: .at(121)) == .same)
    #expect(rounds.foreign.count == 2)
    // A pack of which messages were dropped says nothing of what it is without.
    _ = rounds.begin("t3", own: own, drops: 0, at: .at(240))
    rounds.got(Sample.digest("other"))
    rounds.agreed(one)
    #expect(rounds.end(drops: 1, next: "", at: .at(241)) == .part)
    #expect(rounds.foreign.count == 2)
    _ = rounds.begin("t4", own: own, drops: 1, at: .at(360))
    rounds.got(Sample.digest("other"))
    rounds.isForeign(other, "too old")
    _ = rounds.end(drops: 1, next: "", at: .at(361))
    #expect(rounds.foreign == [other: "too old"])
    // It holds what is stored here, and nothing else.
    _ = rounds.begin("t5", own: Self.hash("changed"), drops: 1, at: .at(480))
    #expect(rounds.end(drops: 1, next: "", at: .at(481)) == .same)
    #expect(rounds.foreign.isEmpty)
  }

  @Test("name no more than some of very many that only the resolver has")
  func manyForeign() throws {
    var rounds = begun()
    for _ in 0..<100 { rounds.isForeign(try Sample.account(), "untrusted issuer") }
    _ = rounds.end(drops: 0, next: "", at: .at(1))
    #expect(rounds.foreign.count == 64)
  }

  @Test("look again at a resolver that was told of something")
  func told() throws {
    var rounds = begun()
    rounds.got(Sample.digest("theirs"))
    rounds.agreed(try Sample.account())
    _ = rounds.end(drops: 0, next: "", at: .at(1))
    #expect(rounds.mayTell(try Sample.account(), .token(Sample.digest("new")), at: .at(1)) == true)
    rounds.toldOfMissing()
    #expect(rounds.begin("t2", own: own, drops: 0, at: .at(120)) == own)
  }

  @Test("do not begin while a pack is coming in, but do when it stopped")
  func begin() {
    var rounds = begun()
    #expect(rounds.isOpen("t1"))
    rounds.heard(at: .at(5))
    #expect(rounds.begin("t2", own: own, drops: 0, at: .at(14)) == nil)
    #expect(rounds.begin("t2", own: own, drops: 0, at: .at(15)) == own)
    #expect(rounds.isOpen("t2"))
    #expect(!rounds.isOpen("t1"))
  }

  @Test("tell which accounts a resolver holds, when the whole pack was seen")
  func whole() throws {
    var rounds = begun()
    let account = try Sample.account()
    rounds.agreed(account)
    #expect(rounds.end(drops: 0, next: "", at: .at(1)) == .whole([account], announced: .max))
    #expect(rounds.end(drops: 0, next: "", at: .at(1)) == nil)
  }

  @Test("tell nothing of what a resolver lacks when messages were dropped meanwhile, or when there were too many accounts")
  func part() throws {
    var rounds = begun()
    rounds.agreed(try Sample.account())
    #expect(rounds.end(drops: 1, next: "", at: .at(1)) == .part)
    rounds = begun(ResolverRounds(mostSeen: 1))
    for _ in 0..<2 { rounds.agreed(try Sample.account()) }
    #expect(rounds.end(drops: 0, next: "", at: .at(1)) == .part)
  }

  @Test("do not tell of what may have been on its way when the question was put")
  func onTheWay() throws {
    var rounds = ResolverRounds()
    _ = rounds.begin("t1", own: own, announced: 7, drops: 0, at: .at(0))
    let reason = ResolverBook.Reason.token(Sample.digest("new"))
    #expect(rounds.differs(try Sample.account(), reason, sequence: 8, at: .at(1)) == false)
    #expect(rounds.differs(try Sample.account(), reason, sequence: 7, at: .at(1)) == true)
    _ = rounds.end(drops: 0, next: "", at: .at(1))
    #expect(rounds.begin("t2", own: own, announced: 8, drops: 0, at: .at(120)) == own)
  }

  @Test("that end empty say that there is nothing to correct")
  func same() {
    var rounds = begun()
    #expect(rounds.end(drops: 0, next: "", at: .at(1)) == .same)
  }

  @Test("that another of ours answered are begun again, but not for ever")
  func peers() {
    var rounds = begun()
    var tokens: [String] = []
    for number in 2..<100 {
      rounds.isPeers()
      guard case .again(let token) = rounds.end(drops: 0, next: "t\(number)", at: .at(Double(number))) else { break }
      #expect(rounds.isOpen(token))
      tokens.append(token)
    }
    #expect(tokens.count == 15)
    #expect(rounds.begin("next", own: own, drops: 0, at: .at(16)) == own)
  }
}
