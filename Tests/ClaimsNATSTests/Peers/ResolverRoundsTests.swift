import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("Rounds of resolvers' packs")
struct ResolverRoundsTests {
  private func begun(_ rounds: ResolverRounds = ResolverRounds()) -> ResolverRounds {
    var rounds = rounds
    _ = rounds.begin("t1", drops: 0, at: .at(0))
    return rounds
  }

  @Test("do not begin while a pack is coming in, but do when it stopped")
  func begin() {
    var rounds = begun()
    #expect(rounds.isOpen("t1"))
    rounds.heard(at: .at(5))
    #expect(rounds.begin("t2", drops: 0, at: .at(14)) == false)
    #expect(rounds.begin("t2", drops: 0, at: .at(15)) == true)
    #expect(rounds.isOpen("t2"))
    #expect(!rounds.isOpen("t1"))
  }

  @Test("tell which accounts a resolver holds, when the whole pack was seen")
  func whole() throws {
    var rounds = begun()
    let account = try Sample.account()
    rounds.saw(account)
    #expect(rounds.end(drops: 0, next: "", at: .at(1)) == .whole([account]))
    #expect(rounds.end(drops: 0, next: "", at: .at(1)) == nil)
  }

  @Test("tell nothing of what a resolver lacks when messages were dropped meanwhile, or when there were too many accounts")
  func part() throws {
    var rounds = begun()
    rounds.saw(try Sample.account())
    #expect(rounds.end(drops: 1, next: "", at: .at(1)) == .part)
    rounds = begun(ResolverRounds(mostSeen: 1))
    for _ in 0..<2 { rounds.saw(try Sample.account()) }
    #expect(rounds.end(drops: 0, next: "", at: .at(1)) == .part)
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
    #expect(rounds.begin("next", drops: 0, at: .at(16)) == true)
  }
}
