import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("A resolver's token beside the stored one")
struct ResolverVerdictTests {
  private let own = TokenVersion(iat: 10, generation: 1, digest: Token("stored").digest, isDeleted: false)
  private let tombstone = TokenVersion(iat: 10, generation: 1, digest: Token("claim").digest, isDeleted: true)
  private let other = Token("other").digest

  @Test("is decided by the order alone where that is enough")
  func order() {
    #expect(ResolverVerdict.byOrder(own, digest: own.digest, iat: 10) == .same)
    #expect(ResolverVerdict.byOrder(own, digest: other, iat: 9) == .other(own.digest))
    #expect(ResolverVerdict.byOrder(own, digest: other, iat: 10) == .other(own.digest), "tokens of one second are not swapped")
    #expect(ResolverVerdict.byOrder(own, digest: other, iat: nil) == .other(own.digest))
    #expect(ResolverVerdict.byOrder(tombstone, digest: other, iat: 10) == .deleted(tombstone.digest))
    #expect(ResolverVerdict.byOrder(own, digest: other, iat: 11) == nil)
    #expect(ResolverVerdict.byOrder(tombstone, digest: other, iat: 11) == nil)
    #expect(ResolverVerdict.byOrder(nil, digest: other, iat: nil) == nil)
  }

  @Test("that was not taken is corrected, or stays the resolver's when nothing is stored")
  func refused() {
    #expect(ResolverVerdict.refused("why", own: own) == .other(own.digest))
    #expect(ResolverVerdict.refused("why", own: tombstone) == .deleted(tombstone.digest))
    #expect(ResolverVerdict.refused("why", own: nil) == .foreign("why"))
  }
}

@Suite("Other resolvers")
struct OtherResolversTests {
  @Test("are asked in a round until one alone answers for an account that is not stored")
  func asked() {
    var others = OtherResolvers()
    others.answered(2, isStored: false)
    others.answered(1, isStored: true)
    #expect(others.areAsked)
    others.answered(1, isStored: false)
    #expect(!others.areAsked)
    others.begin()
    #expect(others.areAsked)
  }

  @Test("give tokens of which the newest is tried first, and what cannot be read last")
  func order() throws {
    let (authority, account) = (try TestAuthority(), try TestAuthority.account())
    let tokens = try (0..<3).map { try authority.account(account, iat: TestTime.seconds + $0) }
    #expect(
      OtherResolvers.inOrder([tokens[1], Token("damaged"), tokens[2], tokens[0]]) == [tokens[2], tokens[1], tokens[0], Token("damaged")])
  }
}

@Suite("The delete claims that are sent on to resolvers")
struct DeletionsToSendTests {
  private let authority: TestAuthority
  private let accounts: [AccountKey]

  init() throws {
    authority = try TestAuthority()
    accounts = try (0..<3).map { _ in try TestAuthority.account() }
  }

  @Test("are those that name only accounts that are deleted")
  func sent() throws {
    let claim = try authority.deletion(of: Array(accounts[0...1]))
    var deletions = DeletionsToSend()
    deletions.add(claim, of: [accounts[1]]) { _ in true }
    #expect(deletions.claims == [.init(token: claim, accounts: [accounts[1]])])
    #expect(deletions.kept.isEmpty)
  }

  @Test("are kept back when they would delete an account that is there, or are none")
  func kept() throws {
    var deletions = DeletionsToSend()
    deletions.add(try authority.deletion(of: Array(accounts[0...1])), of: [accounts[0]]) { $0 == accounts[0] }
    deletions.add(try authority.account(accounts[2]), of: [accounts[2]]) { _ in true }
    #expect(deletions.claims.isEmpty)
    #expect(deletions.kept == [accounts[0], accounts[2]])
  }
}
