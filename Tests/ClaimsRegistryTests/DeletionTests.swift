import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Testing

@Suite("Deletions")
struct DeletionTests {
  private let authority: TestAuthority
  private let account: AccountKey
  private let subject: RegistryUnderTest

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
    subject = try RegistryUnderTest(trusting: [authority])
  }

  @Test("a delete claim of the identity key or a signing key leaves a tombstone")
  func deletes() async throws {
    for signer in [authority.identity, authority.signing] {
      let account = try TestAuthority.account()
      try await subject.store(try authority.account(account))
      let claim = try authority.deletion(of: [account], signer: signer)
      #expect(try await subject.registry.delete(claim, by: .setup).map(\.account) == [account])
      #expect(subject.registry.lookup(account) == nil)
      let newest = try #require(try await subject.registry.history(of: account).first)
      #expect(newest.change.kind == .delete)
      #expect(newest.change.token == claim)
    }
  }

  @Test("a delete claim works once; the account that came back survives it")
  func worksOnce() async throws {
    try await subject.store(try authority.account(account, iat: TestTime.seconds - 2))
    let claim = try authority.deletion(of: [account])
    _ = try await subject.registry.delete(claim, by: .setup)
    let again = try authority.account(account, name: "again", iat: TestTime.seconds)
    try await subject.store(again)
    #expect(await subject.deletionRefusal(claim) == .deleteUsed)
    #expect(subject.registry.lookup(account)?.token == again)
  }

  @Test("a delete claim never removes a token newer than itself")
  func sparesNewer() async throws {
    try await subject.store(try authority.account(account, iat: TestTime.seconds))
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account], iat: TestTime.seconds - 1)) == .older)
    #expect(subject.registry.lookup(account) != nil)
  }

  @Test("an expired delete claim is refused")
  func refusesExpired() async throws {
    try await subject.store(try authority.account(account))
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account], expires: TestTime.seconds - 1)) == .invalidClaims)
  }

  @Test("a delete claim from the future is refused")
  func refusesTheFuture() async throws {
    try await subject.store(try authority.account(account))
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account], iat: TestTime.seconds + 301)) == .fromTheFuture)
  }

  @Test("a delete claim that names the system account deletes nothing")
  func sparesTheSystemAccount() async throws {
    let system = try AccountKey(authority.system.publicKey)
    try await subject.store(try authority.account(system))
    try await subject.store(try authority.account(account))
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account, system])) == .systemAccount)
    #expect(subject.registry.lookup(account) != nil)
  }

  @Test("strangers delete nothing, nor do claims that are not about their signer")
  func refusesStrangers() async throws {
    try await subject.store(try authority.account(account))
    #expect(await subject.deletionRefusal(try TestAuthority().deletion(of: [account])) == .untrustedIssuer)
    let foreign = try authority.deletion(of: [account], signer: authority.signing, subject: authority.identity.publicKey.text)
    #expect(await subject.deletionRefusal(foreign) == .wrongSubject)
    let pair = try KeyPair.generate(.account)
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account], signer: pair)) == .untrustedIssuer)
    #expect(subject.registry.lookup(account) != nil)
  }

  @Test("a delete claim whose signature does not cover its header is refused: it would have many texts")
  func refusesVersion1() async throws {
    try await subject.store(try authority.account(account))
    let payload = """
      {"iat":\(TestTime.seconds),"iss":"\(authority.signing)","sub":"\(authority.signing)",\
      "nats":{"type":"generic","accounts":["\(account)"]}}
      """
    let claim = try authority.version1(payload: payload, header: #"{"typ":"JWT","alg":"ed25519"}"#)
    #expect(await subject.deletionRefusal(claim) == .version1)
    #expect(subject.registry.lookup(account) != nil)
  }

  @Test("account tokens, garbage and claims without a list delete nothing")
  func refusesOthers() async throws {
    let token = try authority.account(account)
    try await subject.store(token)
    #expect(await subject.deletionRefusal(token) != nil)
    #expect(await subject.deletionRefusal(Token("x")) == .badToken)
    var claims = GenericClaims(subject: KeyReference(authority.signing.publicKey))
    claims.data = ClaimsMap([("type", .string("generic"))])
    #expect(await subject.deletionRefusal(try claims.signed(by: authority.signing, at: TestTime.seconds)) == .badToken)
    claims.data = ClaimsMap([("type", .string("generic")), ("accounts", .array([.string("AAAA")]))])
    #expect(await subject.deletionRefusal(try claims.signed(by: authority.signing, at: TestTime.seconds)) == .badToken)
    #expect(subject.registry.lookup(account)?.token == token)
  }

  @Test("one account of several is deleted when one is asked for, the other later by the same claim")
  func deletesOneByOne() async throws {
    let other = try TestAuthority.account()
    try await subject.store(try authority.account(account))
    try await subject.store(try authority.account(other))
    let claim = try authority.deletion(of: [account, other])
    #expect(await subject.deletionRefusal(claim, only: try TestAuthority.account()) == .wrongSubject)
    #expect(try await subject.registry.delete(claim, only: account, by: .setup).map(\.account) == [account])
    #expect(subject.registry.lookup(other) != nil)
    #expect(try await subject.registry.delete(claim, only: other, by: .setup).map(\.account) == [other])
  }

  @Test("an account that is not there cannot be deleted")
  func refusesUnknown() async throws {
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account])) == .unknownAccount)
  }

  @Test("of several accounts in one claim those that can be deleted are, and only a claim that deletes none is refused")
  func deletesSeveral() async throws {
    let accounts = [account, try TestAuthority.account(), try TestAuthority.account()]
    try await subject.store(try authority.account(accounts[0]))
    try await subject.store(try authority.account(accounts[1], iat: TestTime.seconds + 5))
    let claim = try authority.deletion(of: [try TestAuthority.account()] + accounts)
    #expect(try await subject.registry.delete(claim, by: .setup).map(\.account) == [accounts[0]])
    #expect(subject.registry.lookup(accounts[1]) != nil, "its claims are newer than the delete claim")
    #expect(await subject.deletionRefusal(claim) == .unknownAccount)
    #expect(await subject.deletionRefusal(claim, only: accounts[0]) == .deleteUsed)
    try await subject.store(try authority.account(accounts[2], iat: TestTime.seconds - 1))
    #expect(try await subject.registry.delete(claim, by: .setup).map(\.account) == [accounts[2]], "the claim was not used for this one")
  }

  @Test("a used claim is told as such while the account is deleted, too")
  func usedWhileDeleted() async throws {
    try await subject.store(try authority.account(account))
    let claim = try authority.deletion(of: [account])
    _ = try await subject.registry.delete(claim, by: .setup)
    #expect(await subject.deletionRefusal(claim) == .deleteUsed)
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account], iat: TestTime.seconds + 1)) == .unknownAccount)
  }

  @Test("the system account of no trusted operator can be deleted, whoever of them signs")
  func sparesEverySystemAccount() async throws {
    let other = try TestAuthority()
    let subject = try RegistryUnderTest(trusting: [authority, other])
    let system = try AccountKey(other.system.publicKey)
    try await subject.store(try other.account(system))
    for signer in [authority, other] {
      #expect(await subject.deletionRefusal(try signer.deletion(of: [system])) == .systemAccount)
    }
    #expect(subject.registry.lookup(system) != nil)
  }

  @Test("a tombstone keeps the account's owner")
  func keepsOwner() async throws {
    let record = try await subject.store(try authority.account(account))
    _ = try await subject.registry.delete(try authority.deletion(of: [account]), by: .setup)
    let newest = try #require(try await subject.registry.history(of: account).first)
    #expect(newest.change.owner == record.change.owner)
  }
}
