import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Testing

@Suite("What a peer holds")
struct MergeTests {
  private let authority: TestAuthority
  private let account: AccountKey
  private let subject: RegistryUnderTest
  private let peer = Requester.peer("other")

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
    subject = try RegistryUnderTest(trusting: [authority])
  }

  private func state(_ token: Token, iat: Int64, generation: Int64 = 0, isDeleted: Bool = false) -> PeerState {
    PeerState(account: account, iat: iat, generation: generation, isDeleted: isDeleted, token: token)
  }

  private func merge(_ state: PeerState) async -> MergeOutcome { await subject.registry.merge(state, by: peer) }

  private func token(_ iat: Int64, name: String = "account") throws -> Token { try authority.account(account, name: name, iat: iat) }

  @Test("is taken when it is newer or unknown, and kept out when it is older or the same")
  func order() async throws {
    let now = TestTime.seconds
    #expect(await merge(state(try token(now - 2), iat: now - 2)) == .taken)
    #expect(await merge(state(try token(now - 2), iat: now - 2)) == .kept)
    #expect(await merge(state(try token(now - 1), iat: now - 1)) == .taken)
    #expect(await merge(state(try token(now - 3), iat: now - 3)) == .kept)
    #expect(subject.registry.lookup(account)?.token == (try token(now - 1)))
  }

  @Test("of the same second wins by generation, then by digest, and both sides end with the same")
  func sameSecond() async throws {
    let now = TestTime.seconds
    let other = try RegistryUnderTest(trusting: [authority])
    let tokens = [try token(now, name: "one"), try token(now, name: "two")].sorted { $0.digest < $1.digest }
    try await subject.store(tokens[0])
    try await other.store(tokens[1])
    for _ in 0..<2 {
      let ours = try #require(try await subject.registry.peerState(of: account))
      let theirs = try #require(try await other.registry.peerState(of: account))
      _ = await subject.registry.merge(theirs, by: peer)
      _ = await other.registry.merge(ours, by: peer)
      #expect(subject.registry.lookup(account)?.token == tokens[1])
      #expect(other.registry.lookup(account)?.token == tokens[1])
    }
    // An acknowledged push of that second is not undone by a peer that does not know it.
    let third = try token(now, name: "three")
    try await subject.store(third)
    #expect(await merge(try #require(try await other.registry.peerState(of: account))) == .kept)
    #expect(await other.registry.merge(try #require(try await subject.registry.peerState(of: account)), by: peer) == .taken)
    #expect(other.registry.lookup(account)?.token == third)
  }

  @Test("never gets in when nobody trusted signed it, it is about another account, malformed, or of an invented generation")
  func refused() async throws {
    let now = TestTime.seconds
    try await subject.store(try token(now - 1))
    let foreign = try TestAuthority().account(account, iat: now)
    #expect(await merge(state(foreign, iat: now)) == .refused(Refusal(.untrustedIssuer, "")))
    #expect(await merge(state(Token("not.a.token"), iat: now)) == .refused(Refusal(.badToken, "")))
    let other = try authority.account(try TestAuthority.account(), iat: now)
    #expect(await merge(state(other, iat: now)) == .refused(Refusal(.wrongSubject, "")))
    #expect(await merge(state(try token(now), iat: now, generation: .max)) == .kept)
    #expect(await merge(state(try token(now), iat: now, generation: -1)) == .kept)
    #expect(subject.registry.lookup(account)?.token == (try token(now - 1)))
  }

  @Test("takes nothing back by a mark that is not its token's own")
  func inventedMark() async throws {
    let now = TestTime.seconds
    try await subject.store(try token(now - 1))
    #expect(await merge(state(try token(now - 5), iat: now)) == .refused(Refusal(.older, "")))
    let claim = try authority.deletion(of: [account], iat: now - 5)
    #expect(await merge(state(claim, iat: now, isDeleted: true)) == .refused(Refusal(.older, "")))
    #expect(subject.registry.lookup(account) != nil)
  }

  @Test("counts again for ten minutes after it was replaced here, and not longer")
  func replaced() throws {
    let digests = [Token("a"), Token("b")].map(\.digest)
    let own = TokenVersion(iat: 5, generation: 1, digest: digests[0], isDeleted: false)
    let other = TokenVersion(iat: 5, generation: 2, digest: digests[1], isDeleted: false)
    #expect(MergeRule.judge(other, over: own, now: 1_000_000) { nil } == .take)
    #expect(MergeRule.judge(other, over: own, now: 1_000_000) { 400_000 } == .take)
    #expect(MergeRule.judge(other, over: own, now: 1_000_001) { 400_000 } == .conflict)
    let same = TokenVersion(iat: 5, generation: 2, digest: digests[0], isDeleted: false)
    #expect(MergeRule.judge(same, over: own, now: 9_000_000) { 0 } == .keep)
  }

  @Test("is no version of the account when it is closing claims, by which another server deletes it")
  func closing() async throws {
    let now = TestTime.seconds
    try await subject.store(try token(now - 5))
    let closing = try authority.account(account, iat: now - 1) { claims in
      claims.limits = AccountLimits()
      claims.common.exp = now + 60
    }
    #expect(await merge(state(closing, iat: now - 1)) == .refused(Refusal(.invalidClaims, "")))
    guard case .closing = try await subject.registry.pushElsewhere(closing, expected: account, by: .setup) else {
      Issue.record("closing claims were stored")
      return
    }
    #expect(subject.registry.lookup(account)?.token == (try token(now - 5)))
    // Whoever pushes them here means them.
    try await subject.store(closing)
  }

  @Test("as a tombstone deletes an older token, also of an account that was never known, and outlives its claim")
  func tombstones() async throws {
    let now = TestTime.seconds
    try await subject.store(try token(now - 10))
    let claim = try authority.deletion(of: [account], iat: now - 5)
    #expect(await merge(state(claim, iat: now - 5, isDeleted: true)) == .taken)
    #expect(subject.registry.lookup(account) == nil)
    #expect(await subject.refusal(of: try token(now - 6)) == .deleted)
    let unknown = try TestAuthority.account()
    let other = try authority.deletion(of: [unknown], iat: now - 5)
    let tombstone = PeerState(account: unknown, iat: now - 5, generation: 0, isDeleted: true, token: other)
    #expect(await merge(tombstone) == .taken)
    #expect(await subject.refusal(of: try authority.account(unknown, iat: now - 6)) == .deleted)
    #expect(await subject.refusal(of: try authority.account(unknown, iat: now)) == nil)
    #expect(await merge(tombstone) == .kept)
  }

  @Test("is told as far as others would take it: no claims that are over, none that were brought back on purpose")
  func shared() async throws {
    let now = TestTime.seconds
    try await subject.store(try token(now))
    #expect(try await subject.registry.peerState(of: account)?.token == (try token(now)))
    _ = try await subject.registry.acceptOlder(try token(now - 9), by: .setup)
    #expect(try await subject.registry.peerState(of: account) == nil)
    _ = try await subject.registry.delete(try authority.deletion(of: [account], iat: now), by: .setup)
    #expect(try await subject.registry.peerState(of: account)?.isDeleted == true)
    #expect(try await subject.registry.peerState(of: try TestAuthority.account()) == nil)
  }
}
