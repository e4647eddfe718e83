import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Testing

@Suite("Older tokens on purpose")
struct RecallTests {
  private let authority: TestAuthority
  private let account: AccountKey
  private let subject: RegistryUnderTest

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
    subject = try RegistryUnderTest(trusting: [authority])
  }

  private func token(_ second: Int64, name: String = "account") throws -> Token {
    try authority.account(account, name: name, iat: TestTime.seconds + second)
  }

  private func code(_ body: () async throws -> Verdict) async -> Refusal.Code? {
    do {
      _ = try await body()
      return nil
    } catch {
      return (error as? Refusal)?.code
    }
  }

  @Test("an older token is stored, the mark stays, and the log shows the kind")
  func acceptsOlder() async throws {
    let (older, newer) = (try token(-10), try token(0))
    try await subject.store(newer)
    #expect(await subject.refusal(of: older) == .older)
    guard case .committed(let record) = try await subject.registry.acceptOlder(older, by: .administration) else { throw NotStored() }
    #expect(record.change.kind == .acceptOlder)
    #expect(record.change.iat == TestTime.seconds)
    #expect(record.change.actor == "administration")
    #expect(subject.registry.lookup(account)?.token == older)
    // Nothing that was refused before is accepted now.
    #expect(await subject.refusal(of: newer) == .superseded)
    #expect(await subject.refusal(of: try token(-5)) == .older)
    #expect(await subject.refusal(of: older) == nil)
    try await subject.store(try token(1))
    await subject.store.close()
  }

  @Test("a token that is newer anyway is an ordinary push, the same bytes change nothing")
  func acceptsNewer() async throws {
    let first = try token(0)
    try await subject.store(first)
    guard case .unchanged = try await subject.registry.acceptOlder(first, by: .administration) else { throw NotStored() }
    guard case .committed(let record) = try await subject.registry.acceptOlder(try token(1), by: .administration) else { throw NotStored() }
    #expect(record.change.kind == .put)
    await subject.store.close()
  }

  @Test("everything but the age is judged as for a push")
  func judgesTheRest() async throws {
    try await subject.store(try token(0))
    #expect(
      await code { try await subject.registry.acceptOlder(try TestAuthority().account(account, iat: 5), by: .administration) }
        == .untrustedIssuer)
    #expect(
      await code {
        try await subject.registry.acceptOlder(try authority.account(account, iat: 5) { $0.common.exp = 6 }, by: .administration)
      }
        == .invalidClaims)
    #expect(await code { try await subject.registry.acceptOlder(Token("garbage"), by: .administration) } == .badToken)
    await subject.store.close()
  }

  @Test("a deletion can be undone however often its closing claims were signed anew")
  func undeletesBehindManyRecords() async throws {
    let removed = try token(0)
    try await subject.store(removed)
    _ = try await subject.registry.delete(try authority.deletion(of: [account], iat: TestTime.seconds + 1), by: .setup)
    for second in Int64(2)..<22 {
      let renewed = try token(second)
      let proposal = Proposal(subject: account) { [account] _, _ in
        .appendAll(
          [ChangeKind.close, .delete].map { kind in
            Change(
              time: 0, kind: kind, subject: account, token: renewed, digest: renewed.digest, jti: "", iat: TestTime.seconds, generation: 0,
              expires: 0, issuer: "", actor: "")
          })
      }
      _ = try await subject.store.submit(proposal)
    }
    _ = try await subject.registry.undelete(account, by: .administration)
    #expect(subject.registry.lookup(account)?.token == removed)
    await subject.store.close()
  }

  @Test("a deletion can be undone: the removed bytes come back, and the delete claim stays used")
  func undeletes() async throws {
    let token = try token(-10)
    try await subject.store(token)
    let claim = try authority.deletion(of: [account])
    _ = try await subject.registry.delete(claim, by: .setup)
    let refusal = try #require(await subject.refused(of: token))
    #expect(refusal.code == .deleted)
    #expect(refusal.message.contains("undelete"))
    guard case .committed(let record) = try await subject.registry.undelete(account, by: .administration) else { throw NotStored() }
    #expect(record.change.kind == .restore)
    #expect(subject.registry.lookup(account)?.token == token)
    #expect(await subject.deletionRefusal(claim) == .deleteUsed)
    #expect(await code { try await subject.registry.undelete(account, by: .administration) } == .notDeleted)
    // A deletion of the second time removes it again, and it can come back again.
    _ = try await subject.registry.delete(authority.deletion(of: [account], iat: TestTime.seconds + 1), by: .setup)
    #expect(subject.registry.lookup(account) == nil)
    _ = try await subject.registry.undelete(account, by: .administration)
    #expect(subject.registry.lookup(account)?.token == token)
    await subject.store.close()
  }

  @Test("what was never there cannot be undeleted")
  func unknown() async throws {
    #expect(await code { try await subject.registry.undelete(account, by: .administration) } == .unknownAccount)
    await subject.store.close()
  }

  @Test("an older token brings a deleted account back on purpose")
  func acceptsDeleted() async throws {
    try await subject.store(try token(0))
    _ = try await subject.registry.delete(authority.deletion(of: [account]), by: .setup)
    let older = try token(-3)
    guard case .committed(let record) = try await subject.registry.acceptOlder(older, by: .administration) else { throw NotStored() }
    #expect(record.change.kind == .acceptOlder)
    #expect(subject.registry.lookup(account)?.token == older)
    await subject.store.close()
  }
}
