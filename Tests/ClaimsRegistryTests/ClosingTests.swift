import Claims
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Synchronization
import Testing

@testable import ClaimsRegistry

@Suite("Closing claims")
struct ClosingTests {
  private let authority: TestAuthority
  private let account: AccountKey

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
  }

  private func subject(signers: [KeyPair]) throws -> RegistryUnderTest {
    try RegistryUnderTest(trusting: [authority], signers: SeedsAtHand(signers))
  }

  private func closing(
    iat: Int64 = TestTime.seconds, expires: Int64 = TestTime.seconds + 60, signer: KeyPair? = nil, of other: AccountKey? = nil
  ) throws -> Token {
    try ClosingClaims(of: other ?? account, iat: iat, expires: expires, signer: signer ?? authority.signing).token
  }

  @Test("are as small as the reference takes for valid: nothing is allowed, and their end is near")
  func content() throws {
    let verified = try VerifiedClaims.decode(closing())
    let claims = try #require(verified.account)
    #expect(claims.limits.isEmpty)
    #expect(claims.common.exp == TestTime.seconds + 60)
    #expect(verified.claims.issues(at: TestTime.seconds).isEmpty)
    #expect(verified.strictness.isEmpty)
  }

  @Test("are stored in front of the tombstone when a signing key is at hand: above the stored claims, below what comes back later")
  func stored() async throws {
    let subject = try subject(signers: [authority.signing])
    for offset: Int64 in [0, -10] {
      let account = try TestAuthority.account()
      let old = try authority.account(account, iat: TestTime.seconds + offset)
      try await subject.store(old)
      let claim = try authority.deletion(of: [account])
      #expect(try await subject.registry.delete(claim, by: .setup) == [Deletion(account: account, isClosed: true)])
      #expect(subject.registry.lookup(account) == nil)
      let history = try await subject.registry.history(of: account).map(\.change)
      #expect(history.map(\.kind) == [.delete, .close, .put])
      #expect(history.map(\.iat) == [TestTime.seconds, TestTime.seconds, TestTime.seconds + offset])
      #expect(history.map(\.generation) == (offset == 0 ? [2, 1, 0] : [1, 0, 0]))
      let closing = try VerifiedClaims.decode(#require(history[1].token)).claims
      #expect(closing.common.iss.publicKey == authority.signing.publicKey)
      #expect(closing.common.iat == TestTime.seconds)
      #expect(closing.account?.limits.isEmpty == true)
      #expect(await subject.refusal(of: old) != nil)
      #expect(await subject.refusal(of: try #require(history[1].token)) == .deleted, "closing claims do not bring the account back")
      try await subject.store(try authority.account(account, name: "again", iat: TestTime.seconds + 1))
      #expect(await subject.deletionRefusal(claim) == .deleteUsed)
    }
  }

  @Test("are signed by the identity key only if the operator does not demand signing keys")
  func identity() async throws {
    for strict in [false, true] {
      let authority = try TestAuthority(strict: strict)
      let subject = try RegistryUnderTest(trusting: [authority], signers: SeedsAtHand([authority.identity]))
      try await subject.store(try authority.account(account))
      let deletions = try await subject.registry.delete(authority.deletion(of: [account]), by: .setup)
      #expect(deletions == [Deletion(account: account, isClosed: !strict)])
    }
  }

  @Test("of another operator's key are not signed")
  func foreignSeed() async throws {
    let subject = try subject(signers: [try TestAuthority().signing, try KeyPair.generate(.operator)])
    try await subject.store(try authority.account(account))
    let deletions = try await subject.registry.delete(authority.deletion(of: [account]), by: .setup)
    #expect(deletions == [Deletion(account: account, isClosed: false)])
    #expect(try await subject.registry.history(of: account).map(\.change.kind) == [.delete, .put])
  }

  @Test("that come with the delete claim are stored as they are, and held to the rules")
  func given() async throws {
    let subject = try subject(signers: [])
    try await subject.store(try authority.account(account))
    let claim = try authority.deletion(of: [account])
    let stranger = try TestAuthority()
    let open = try authority.account(account) { $0.common.exp = TestTime.seconds + 60 }
    let refused: [(Token, Refusal.Code)] = [
      (try closing(signer: stranger.signing), .untrustedIssuer), (try closing(of: TestAuthority.account()), .wrongSubject),
      (try closing(iat: TestTime.seconds - 1), .badToken), (try closing(iat: TestTime.seconds + 1), .badToken),
      (try closing(expires: TestTime.seconds - 1), .invalidClaims), (try closing(expires: 0), .badToken), (open, .badToken),
      (Token("x"), .wrongSubject), (Token(try closing().text + "\n" + closing().text), .wrongSubject),
    ]
    for (token, code) in refused { #expect(await subject.deletionRefusal(claim, closing: token, only: account) == code) }
    #expect(subject.registry.lookup(account) != nil, "nothing was deleted")
    let given = try closing()
    let deletions = try await subject.registry.delete(claim, closing: given, only: account, by: .setup)
    #expect(deletions == [Deletion(account: account, isClosed: true)])
    #expect(try await subject.registry.history(of: account).first { $0.change.kind == .close }?.change.token == given)
  }

  @Test("are not what undelete brings back")
  func undeleted() async throws {
    let subject = try subject(signers: [authority.signing])
    let token = try authority.account(account)
    try await subject.store(token)
    _ = try await subject.registry.delete(try authority.deletion(of: [account]), by: .setup)
    #expect(await subject.refusal(of: token) == .deleted)
    _ = try await subject.registry.undelete(account, by: .setup)
    #expect(subject.registry.lookup(account)?.token == token)
    #expect(try await subject.registry.history(of: account).map(\.change.kind) == [.restore, .delete, .close, .put])
  }

  @Test("and the tombstone are one: when the log fails or the process dies, both are there or none")
  func together() async throws {
    let folder = try TemporaryFolder()
    let box = Mutex<FaultyChangeLog?>(nil)
    let subject = try RegistryUnderTest(trusting: [authority], folder: folder, signers: SeedsAtHand([authority.signing])) { path, _ in
      let log = FaultyChangeLog(try SQLiteChangeLog(path: path))
      box.withLock { $0 = log }
      return log
    }
    let log = try #require(box.withLock { $0 })
    let token = try authority.account(account)
    try await subject.store(token)
    log.fails = StoreError(.ioFailure, "the disk is gone")
    let claim = try authority.deletion(of: [account])
    #expect(await subject.deletionRefusal(claim) == .unavailable)
    #expect(try await subject.registry.history(of: account).map(\.change.kind) == [.put])
    #expect(subject.registry.lookup(account)?.token == token)
    log.fails = nil
    #expect(try await subject.registry.delete(claim, by: .setup).map(\.isClosed) == [true])
    #expect(try await subject.registry.history(of: account).map(\.change.kind) == [.delete, .close, .put])
  }

  @Test("that are over are signed anew when they are announced, in front of a new tombstone; the account stays deleted")
  func renewed() async throws {
    let seeds = SeedsAtHand([authority.signing])
    let now = Mutex(TestTime.seconds)
    let subject = try RegistryUnderTest(trusting: [authority], clock: WallClock { now.withLock { $0 } * 1000 }, signers: seeds)
    try await subject.store(try authority.account(account, iat: TestTime.seconds - 5))
    let claim = try authority.deletion(of: [account])
    _ = try await subject.registry.delete(claim, by: .setup)
    let first = try #require(try await subject.registry.history(of: account).first { $0.change.kind == .close }?.change.token)
    #expect(await subject.registry.renewedClosing(first, of: account) == nil, "they still hold")
    now.withLock { $0 += 3600 }
    let (fresh, sequence) = try #require(await subject.registry.renewedClosing(first, of: account))
    #expect(try await subject.registry.history(of: account).first { $0.sequence == sequence }?.change.token == fresh)
    #expect(try VerifiedClaims.decode(fresh).claims.common.exp == TestTime.seconds + 3660)
    let history = try await subject.registry.history(of: account).map(\.change)
    #expect(history.map(\.kind) == [.delete, .close, .delete, .close, .put])
    #expect(history.map(\.generation) == [3, 2, 1, 0, 0])
    #expect(Set(history.prefix(4).map(\.iat)) == [TestTime.seconds], "the mark does not move")
    #expect(history[0].token == claim)
    #expect(await subject.refusal(of: fresh) == .deleted)
    try await subject.store(try authority.account(account, iat: TestTime.seconds + 1))
    #expect(await subject.registry.renewedClosing(first, of: account) == nil, "nothing is closed that came back")
    #expect(await subject.deletionRefusal(claim) == .deleteUsed)
  }

  @Test("that are over and cannot be signed anew stay as they are")
  func notRenewed() async throws {
    let seeds = SeedsAtHand([authority.signing])
    let now = Mutex(TestTime.seconds)
    let subject = try RegistryUnderTest(trusting: [authority], clock: WallClock { now.withLock { $0 } * 1000 }, signers: seeds)
    try await subject.store(try authority.account(account))
    _ = try await subject.registry.delete(try authority.deletion(of: [account]), by: .setup)
    let first = try #require(try await subject.registry.history(of: account).first { $0.change.kind == .close }?.change.token)
    seeds.takeAway()
    now.withLock { $0 += 3600 }
    #expect(await subject.registry.renewedClosing(first, of: account) == nil)
    #expect(try await subject.registry.history(of: account).count == 3)
  }
}
