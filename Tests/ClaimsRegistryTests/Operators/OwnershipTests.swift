import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Testing

@Suite("To which operator an account belongs")
struct OwnershipTests {
  private let first: TestAuthority
  private let second: TestAuthority
  private let account: AccountKey
  private let subject: RegistryUnderTest

  init() throws {
    first = try TestAuthority()
    second = try TestAuthority()
    account = try TestAuthority.account()
    subject = try RegistryUnderTest(trusting: [first, second])
  }

  private var now: Int64 { TestTime.seconds }
  private var firstKey: String { first.identity.publicKey.text }
  private var secondKey: String { second.identity.publicKey.text }

  @Test("it is the operator of the first token, whichever of its keys signed")
  func isRecorded() async throws {
    for signer in [second.signing, second.identity] {
      let account = try TestAuthority.account()
      let record = try await subject.store(try second.account(account, signer: signer))
      #expect(record.change.owner == secondKey)
      #expect(try subject.owner(of: account) == secondKey)
    }
  }

  @Test("a token of another trusted operator is refused, and says whose the account is and what to do")
  func refusesAnother() async throws {
    let token = try first.account(account, iat: now - 5)
    try await subject.store(token)
    let refusal = try #require(await subject.refused(of: try second.account(account, iat: now)))
    #expect(refusal.code == .foreignOperator)
    #expect(refusal.message.contains(firstKey) && refusal.message.contains(secondKey))
    #expect(refusal.message.contains("nats-claims transfer \(account) --to \(secondKey)"))
    #expect(subject.registry.lookup(account)?.token == token)
    #expect(try await subject.history(account).count == 1)
  }

  @Test("a deleted account keeps it: another operator cannot take the account over")
  func outlivesDeletion() async throws {
    try await subject.store(try first.account(account, iat: now - 5))
    _ = try await subject.registry.delete(try first.deletion(of: [account], iat: now - 4), by: .setup)
    #expect(try subject.owner(of: account) == firstKey)
    #expect(await subject.refusal(of: try second.account(account, iat: now)) == .foreignOperator)
    #expect(subject.registry.lookup(account) == nil)
    let back = try await subject.store(try first.account(account, iat: now))
    #expect(back.change.owner == firstKey)
  }

  @Test("another operator's delete claim deletes nothing")
  func refusesDeletions() async throws {
    try await subject.store(try first.account(account, iat: now - 5))
    for signer in [second.signing, second.identity] {
      #expect(await subject.deletionRefusal(try second.deletion(of: [account], signer: signer)) == .foreignOperator)
    }
    #expect(subject.registry.lookup(account) != nil)
    #expect(await subject.deletionRefusal(try first.deletion(of: [account])) == nil)
  }

  @Test("it holds after a restart, and when the operator is not trusted any more")
  func outlivesTrust() async throws {
    try await subject.store(try first.account(account, iat: now - 5))
    await subject.store.close()
    let later = try RegistryUnderTest(trusting: [second], folder: subject.folder)
    #expect(try later.owner(of: account) == firstKey)
    #expect(await later.refusal(of: try second.account(account, iat: now)) == .foreignOperator)
    #expect(await later.deletionRefusal(try second.deletion(of: [account])) == .foreignOperator)
    await later.store.close()
  }

  @Test("an account that nobody trusted signed is the only operator's; of several none may take it without a transfer")
  func adoptedByNobody() async throws {
    let stranger = try TestAuthority()
    let adopted = try stranger.account(account, iat: now - 5)
    try await subject.keep(adopted, of: account, owner: "")
    let refusal = try #require(await subject.refused(of: try second.account(account, iat: now - 1)))
    #expect(refusal.code == .foreignOperator && refusal.message.contains("nats-claims transfer \(account) --to \(secondKey)"))
    #expect(await subject.deletionRefusal(try first.deletion(of: [account])) == .foreignOperator)
    #expect(subject.registry.lookup(account)?.token == adopted)
    try await subject.registry.transfer(account, to: secondKey, by: .setup)
    #expect(try await subject.store(try second.account(account, iat: now - 1)).change.owner == secondKey)
    #expect(await subject.refusal(of: try first.account(account, iat: now)) == .foreignOperator)

    let alone = try RegistryUnderTest(trusting: [first])
    try await alone.keep(adopted, of: account, owner: "")
    #expect(try await alone.store(try first.account(account, iat: now - 1)).change.owner == firstKey)
  }

  @Test("a record from before there were owners is its signer's")
  func recordsWithoutOwner() async throws {
    try await subject.keep(try first.account(account, iat: now - 5), of: account, owner: "")
    #expect(await subject.refusal(of: try second.account(account, iat: now)) == .foreignOperator)
    #expect(await subject.deletionRefusal(try second.deletion(of: [account])) == .foreignOperator)
    #expect(try await subject.store(try first.account(account, iat: now)).change.owner == firstKey)
  }

  @Test("a signing key that two operators name signs for both")
  func sharedSigningKey() async throws {
    let shared = first.signing
    let sharing = try second.renewed { $0.signingKeys.append(KeyReference(shared.publicKey)) }
    #expect(subject.reload(first.token.text, sharing.text))
    let other = try TestAuthority.account()
    try await subject.store(try second.account(other, iat: now - 5))
    #expect(try await subject.store(try second.account(other, iat: now - 4, signer: shared)).change.owner == secondKey)
    #expect(try await subject.store(try first.account(account, iat: now, signer: shared)).change.owner == firstKey)
  }

  @Test("the registry tells it of any claims")
  func ownerOfClaims() throws {
    let trust = subject.registry.trust
    #expect(trust.owner(of: try VerifiedClaims.decode(try first.account(account)).claims) == firstKey)
    #expect(trust.owner(of: try VerifiedClaims.decode(try second.account(account, signer: second.identity)).claims) == secondKey)
    #expect(trust.owner(of: try VerifiedClaims.decode(try TestAuthority().account(account)).claims).isEmpty)
  }
}

extension RegistryUnderTest {
  /// Puts a token into the log as an adoption does, whoever signed it.
  func keep(_ token: Token, of account: AccountKey, owner: String) async throws {
    let common = try VerifiedClaims.decode(token).claims.common
    let change = Change(
      time: TestTime.seconds * 1000, kind: .adopt, subject: account, token: token, digest: token.digest, jti: common.jti, iat: common.iat,
      generation: 0, expires: common.exp, issuer: common.iss.text, actor: "test", owner: owner)
    _ = try await store.submit(Proposal(subject: account) { _, _ in .append(change) })
  }
}
