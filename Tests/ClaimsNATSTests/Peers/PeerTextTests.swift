import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Nkeys
import Testing

@testable import ClaimsNATS

/// Things to put into states.
enum Sample {
  static func account() throws -> AccountKey { try TestAuthority.account() }
  static func digest(_ text: String) -> TokenDigest { Token(text).digest }
}

@Suite("What peers tell each other")
struct PeerTextTests {
  @Test("is read as it was written", arguments: [true, false])
  func roundTrip(_ isDeleted: Bool) throws {
    let state = PeerState(account: try Sample.account(), iat: 17, generation: 3, isDeleted: isDeleted, token: Token("a.b.c"))
    #expect(PeerText.state(PeerText.line(state)) == state)
  }

  @Test(
    "is nothing when it is damaged", arguments: ["", "1 2 token", "1 2 token KEY x", "x 0 token %@ a", "1 0 other %@ a", "1  token %@ a"])
  func damaged(_ text: String) throws {
    #expect(PeerText.state(Array(text.replacing("%@", with: try Sample.account().text).utf8)) == nil)
  }

  @Test("are hashes in which each part stands for its accounts, whatever the order")
  func hashes() throws {
    let accounts = try (0..<5).map { _ in try Sample.account() }
    let versions = (0..<5).map { TokenVersion(iat: Int64($0), generation: 0, digest: Sample.digest("\($0)"), isDeleted: false) }
    var one = StateHash()
    var other = StateHash()
    for place in 0..<5 { one.add(accounts[place].raw, versions[place]) }
    for place in (0..<5).reversed() { other.add(accounts[place].raw, versions[place]) }
    #expect(one.whole == other.whole)
    #expect(one.differing(from: other) == [])
    let deleted = TokenVersion(iat: 0, generation: 0, digest: Sample.digest("0"), isDeleted: true)
    other.add(accounts[0].raw, versions[0])
    other.add(accounts[0].raw, deleted)
    #expect(one.whole != other.whole)
    #expect(one.differing(from: other) == [accounts[0].raw.withUnsafeBytes { Int($0[0]) }])
    #expect(StateHash(one.bytes) == one)
    #expect(StateHash([1, 2, 3]) == nil)
  }
}
