import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Testing

@Suite("Transfers to another operator")
struct TransferTests {
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
  private var secondKey: String { second.identity.publicKey.text }

  private func refusal(to operatorKey: String, of account: AccountKey? = nil) async -> Refusal? {
    do {
      try await subject.registry.transfer(account ?? self.account, to: operatorKey, by: .setup)
      return nil
    } catch {
      return error
    }
  }

  @Test("the claims stay as they are; the new operator's tokens are accepted, the old one's refused")
  func transfers() async throws {
    let token = try first.account(account, iat: now - 5)
    let before = try await subject.store(token).change
    #expect(await refusal(to: secondKey) == nil)
    let change = try #require(try await subject.history(account).first)
    #expect(change.kind == .transfer && change.owner == secondKey && change.actor == "setup")
    #expect(change.token == token && change.digest == before.digest && change.jti == before.jti && change.issuer == before.issuer)
    #expect(change.iat == before.iat && change.generation == before.generation + 1 && change.expires == before.expires)
    #expect(try subject.registry.current(account)?.token == token)
    #expect(await subject.refusal(of: token) == .foreignOperator)
    #expect(await subject.refusal(of: try first.account(account, iat: now)) == .foreignOperator)
    #expect(await subject.deletionRefusal(try first.deletion(of: [account])) == .foreignOperator)
    let new = try second.account(account, iat: now - 4)
    #expect(try await subject.store(new).change.owner == secondKey)
    #expect(await subject.deletionRefusal(try second.deletion(of: [account])) == nil)
  }

  @Test("a token of the same second as the transferred one follows it")
  func sameSecond() async throws {
    try await subject.store(try first.account(account, iat: now))
    #expect(await refusal(to: secondKey) == nil)
    let record = try await subject.store(try second.account(account, name: "new", iat: now))
    #expect(record.change.generation == 2)
  }

  @Test("it holds after a restart")
  func isDurable() async throws {
    try await subject.store(try first.account(account, iat: now - 5))
    #expect(await refusal(to: secondKey) == nil)
    await subject.store.close()
    let later = try RegistryUnderTest(trusting: [first, second], folder: subject.folder)
    #expect(await later.refusal(of: try first.account(account, iat: now)) == .foreignOperator)
    #expect(await later.refusal(of: try second.account(account, iat: now)) == nil)
    await later.store.close()
  }

  @Test("to the operator that has the account already, nothing is written")
  func repeated() async throws {
    try await subject.store(try first.account(account))
    #expect(await refusal(to: secondKey) == nil)
    #expect(await refusal(to: secondKey) == nil)
    #expect(try await subject.history(account).count == 2)
  }

  @Test("to an operator that is not trusted, or by a signing key, it is refused")
  func refusesOperators() async throws {
    try await subject.store(try first.account(account))
    for key in [try TestAuthority().identity.publicKey.text, "", "nonsense", account.text] {
      #expect(await refusal(to: key)?.code == .untrustedIssuer)
    }
    let signing = try #require(await refusal(to: second.signing.publicKey.text))
    #expect(signing.code == .untrustedIssuer && signing.message.contains(secondKey))
    #expect(try await subject.history(account).count == 1)
  }

  @Test("an account that is not there cannot be transferred; a deleted one stays with its operator")
  func refusesAccounts() async throws {
    #expect(await refusal(to: secondKey)?.code == .unknownAccount)
    try await subject.store(try first.account(account, iat: now - 5))
    _ = try await subject.registry.delete(try first.deletion(of: [account], iat: now - 4), by: .setup)
    let refusal = try #require(await refusal(to: secondKey))
    #expect(refusal.code == .deleted && refusal.message.contains("undelete"))
    #expect(await subject.refusal(of: try second.account(account, iat: now)) == .foreignOperator)
  }

  @Test("an account can be transferred from an operator that is not trusted any more")
  func fromAFormerOperator() async throws {
    try await subject.store(try first.account(account, iat: now - 5))
    await subject.store.close()
    let later = try RegistryUnderTest(trusting: [second], folder: subject.folder)
    try await later.registry.transfer(account, to: secondKey, by: .setup)
    #expect(await later.refusal(of: try second.account(account, iat: now)) == nil)
    await later.store.close()
  }
}
