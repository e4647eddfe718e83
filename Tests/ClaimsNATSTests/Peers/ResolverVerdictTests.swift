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

@Suite("The delete claims that are sent on to resolvers")
struct DeletionsToSendTests {
  private let authority: TestAuthority
  private let accounts: [AccountKey]

  init() throws {
    authority = try TestAuthority()
    accounts = try (0..<3).map { _ in try TestAuthority.account() }
  }

  private func state(_ account: AccountKey, _ token: Token, isDeleted: Bool = true) -> PeerState {
    PeerState(account: account, iat: 1, generation: 1, isDeleted: isDeleted, token: token)
  }

  @Test("are sent once for all their accounts")
  func together() throws {
    let both = try authority.deletion(of: Array(accounts[0...1]))
    let third = try authority.deletion(of: [accounts[2]])
    var deletions = DeletionsToSend()
    for (account, claim) in zip(accounts, [both, both, third]) { deletions.add(state(account, claim)) { _ in true } }
    let sent = deletions.claims.sorted { $0.accounts.count > $1.accounts.count }
    #expect(sent == [.init(token: both, accounts: Array(accounts[0...1])), .init(token: third, accounts: [accounts[2]])])
    #expect(deletions.kept.isEmpty)
  }

  @Test("are kept back when they would delete an account that is there, or are none")
  func kept() throws {
    let claim = try authority.deletion(of: Array(accounts[0...1]))
    var deletions = DeletionsToSend()
    deletions.add(state(accounts[0], claim)) { $0 == accounts[0] }
    deletions.add(state(accounts[2], try authority.account(accounts[2]))) { _ in true }
    #expect(deletions.claims.isEmpty)
    #expect(deletions.kept == [accounts[0], accounts[2]])
  }

  @Test("are not needed for accounts that are there again")
  func back() throws {
    var deletions = DeletionsToSend()
    deletions.add(state(accounts[0], try authority.account(accounts[0]), isDeleted: false)) { _ in false }
    #expect(deletions.claims.isEmpty && deletions.kept.isEmpty)
  }
}
