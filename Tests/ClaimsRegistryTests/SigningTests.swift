import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Testing

@Suite("Claims that an account signed itself")
struct SigningTests {
  private let authority: TestAuthority
  private let pair: KeyPair
  private let account: AccountKey

  init() throws {
    authority = try TestAuthority()
    pair = try KeyPair.generate(.account)
    account = try AccountKey(pair.publicKey)
  }

  private func signingHere(_ seeds: SeedsAtHand? = nil) throws -> RegistryUnderTest {
    try RegistryUnderTest(
      trusting: [authority], signers: seeds ?? SeedsAtHand([authority.signing]), signing: AccountSigning(isLocal: true))
  }

  /// Some seconds before the tests' time, so that there are later ones that are not ahead of the clock.
  private static let begin = TestTime.seconds - 100

  private func own(iat: Int64 = begin, _ edit: (inout AccountClaims) -> Void = { _ in }) throws -> Token {
    try authority.account(account, name: "own", iat: iat, signer: pair, edit)
  }

  private func served(_ subject: RegistryUnderTest) throws -> AccountClaims {
    let token = try #require(subject.registry.lookup(account)?.token)
    return try #require(VerifiedClaims.decode(token).account)
  }

  @Test("are refused where nobody signs")
  func refused() async throws {
    let subject = try RegistryUnderTest(trusting: [authority], signers: SeedsAtHand([authority.signing]))
    #expect(await subject.refusal(of: try own()) == .selfSigned)
    #expect(subject.registry.lookup(account) == nil)
  }

  @Test("are signed with the operator's key at hand, and the rest of them stays")
  func signedHere() async throws {
    let subject = try signingHere()
    let token = try own { claims in
      claims.description = "mine"
      claims.signingKeys.add(KeyReference(pair.publicKey))
    }
    try await subject.store(token)
    let claims = try served(subject)
    #expect(claims.common.iss == KeyReference(authority.signing.publicKey))
    #expect(claims.common.iat == Self.begin && claims.common.name == "own" && claims.description == "mine")
    #expect(claims.signingKeys.keys == [KeyReference(pair.publicKey)])
    let record = try #require(try await subject.history(account).first)
    #expect(record.kind == .put && record.actor == "setup, signed on the way")
    #expect(record.owner == authority.identity.publicKey.text)
    // The same again is the same token.
    guard case .unchanged = try await subject.registry.push(token, by: .setup) else {
      Issue.record("stored again")
      return
    }
  }

  @Test("raise no limit, and do not outlive what the operator signed")
  func limits() async throws {
    let subject = try signingHere()
    let end = TestTime.seconds + 1000
    try await subject.store(
      try authority.account(account, iat: Self.begin - 10) { claims in
        claims.limits.connections = Limit(5)
        claims.common.exp = end
      })
    for (second, expires) in [(Int64(0), Int64(0)), (1, end + 5), (2, end - 5)] {
      try await subject.store(
        try own(iat: Self.begin + second) { claims in
          claims.limits.connections = Limit(-1)
          claims.common.exp = expires
        })
      let claims = try served(subject)
      #expect(claims.limits.connections == Limit(5))
      #expect(claims.common.exp == (second == 2 ? end - 5 : end))
    }
    // An account that is new cannot give itself JetStream.
    let stranger = try KeyPair.generate(.account)
    let key = try AccountKey(stranger.publicKey)
    try await subject.store(
      try authority.account(key, signer: stranger) { claims in claims.limits.jetStream.memoryStorage = Limit(1 << 40) })
    let token = try #require(subject.registry.lookup(key)?.token)
    #expect(try VerifiedClaims.decode(token).account?.limits == AccountClaims(subject: KeyReference(key.publicKey)).limits)
  }

  @Test("can be replayed as little as others: older ones, replaced ones and those of a deleted account are refused")
  func replayed() async throws {
    let subject = try signingHere()
    let (first, second) = (try own { $0.description = "first" }, try own { $0.description = "second" })
    try await subject.store(first)
    try await subject.store(second)
    #expect(await subject.refusal(of: first) == .superseded)
    try await subject.store(try authority.account(account, iat: Self.begin + 1))
    #expect(await subject.refusal(of: second) == .older)
    _ = try await subject.registry.delete(try authority.deletion(of: [account], iat: Self.begin + 2), by: .setup)
    #expect(await subject.refusal(of: try own(iat: Self.begin + 3)) == .deleted)
    #expect(subject.registry.lookup(account) == nil)
  }

  @Test("that are damaged, expired, invalid or about another account are not signed")
  func invalid() async throws {
    let subject = try signingHere()
    var bytes = try own().bytes
    bytes[bytes.count - 3] ^= 1
    #expect(await subject.refusal(of: Token(bytes)) == .badToken)
    #expect(await subject.refusal(of: try own { $0.common.exp = TestTime.seconds - 1 }) == .invalidClaims)
    #expect(await subject.refusal(of: try own { $0.exports = [nil] }) == .invalidClaims)
    // Not even a little: its mark would keep the operator out.
    for ahead in [Int64(1), 1000] { #expect(await subject.refusal(of: try own(iat: TestTime.seconds + ahead)) == .fromTheFuture) }
    #expect(await subject.refusal(of: try own(), expected: try TestAuthority.account()) == .wrongSubject)
    #expect(await subject.refusal(of: try authority.account(account, signer: try KeyPair.generate(.account))) == .wrongIssuer)
    #expect(subject.registry.accounts().isEmpty)
  }

  @Test("are refused without the key of the account's operator, whoever else's is at hand")
  func noKey() async throws {
    let seeds = SeedsAtHand([authority.signing])
    let subject = try signingHere(seeds)
    seeds.takeAway()
    #expect(await subject.refusal(of: try own()) == .selfSigned)
    let other = try TestAuthority()
    let both = try RegistryUnderTest(
      trusting: [authority, other], signers: SeedsAtHand([other.signing]), signing: AccountSigning(isLocal: true))
    try await both.store(try authority.account(account, iat: Self.begin - 10))
    #expect(await both.refusal(of: try own()) == .selfSigned)
  }

  @Test(
    "are not signed where nobody who is trusted signed what is stored: nobody knows what the account may have", arguments: [true, false])
  func adopted(_ isSelfSigned: Bool) async throws {
    let folder = try TemporaryFolder()
    let stored = try authority.account(account, iat: TestTime.seconds - 5000, signer: isSelfSigned ? pair : try KeyPair.generate(.operator))
    { claims in
      claims.limits.jetStream.memoryStorage = Limit(1 << 40)
    }
    try folder.write(stored.text, to: "\(account).jwt")
    let subject = try RegistryUnderTest(
      trusting: [authority], folder: folder, signers: SeedsAtHand([authority.signing]), signing: AccountSigning(isLocal: true))
    try await subject.registry.adoptDirectory()
    #expect(subject.registry.lookup(account)?.token == stored)
    let refused = await subject.refused(of: try own(iat: Self.begin + 1))
    #expect(refused?.code == .selfSigned && refused?.message.contains("nobody knows what it may have") == true)
    #expect(subject.registry.lookup(account)?.token == stored)
    await subject.store.close()
  }

  @Test("are not stored when the account changed while they were signed: a deletion stands, and so do an operator's limits")
  func races() async throws {
    let subject = try RegistryUnderTest(trusting: [authority])
    try await subject.store(try authority.account(account, iat: Self.begin))
    let signed = try authority.account(account, iat: Self.begin + 9)
    for change in ["deletion", "push"] {
      let service = ScriptedSigning([.success(.signed(signed))]) { [authority, account, registry = subject.registry] in
        if change == "push" {
          _ = try await registry.push(try authority.account(account, iat: Self.begin + 2), by: .setup)
        } else {
          _ = try await registry.delete(try authority.deletion(of: [account], iat: Self.begin + 1), by: .setup)
        }
      }
      subject.registry.signing.attach(service)
      if change == "push" { try await subject.store(try authority.account(account, name: "back", iat: Self.begin + 2)) }
      let refused = await subject.refused(of: try own(iat: Self.begin + 3))
      #expect(refused?.code == .unavailable && refused?.message.contains("changed while") == true, "\(change)")
      #expect(subject.registry.lookup(account)?.token != signed)
    }
  }

  @Test("that lie in the directory are not signed: a file is no request")
  func files() async throws {
    let subject = try signingHere()
    let token = try own()
    let refused = await #expect(throws: Refusal.self) { try await subject.registry.push(token, by: .setup, mayBeSigned: false) }
    #expect(refused?.code == .selfSigned)
    #expect(subject.registry.lookup(account) == nil)
  }

  @Test("go to a signing service, whose answer is judged like any push")
  func service() async throws {
    let forged = try TestAuthority().account(account, iat: Self.begin)
    let (good, another) = (try authority.account(account, iat: Self.begin), try authority.account(TestAuthority.account()))
    let service = ScriptedSigning([
      .success(.pending("come back tomorrow")), .success(.signed(forged)), .success(.signed(another)), .success(.signed(try own())),
      .failure(Refusal(.unavailable, "nobody answers")), .success(.signed(good)),
    ])
    let subject = try RegistryUnderTest(trusting: [authority])
    subject.registry.signing.attach(service)
    let pending = await subject.refused(of: try own(), expected: account)
    #expect(pending?.code == .pending && pending?.message == "come back tomorrow")
    for code in [Refusal.Code.untrustedIssuer, .wrongSubject, .selfSigned, .unavailable] {
      #expect(await subject.refusal(of: try own(), expected: account) == code)
    }
    #expect(subject.registry.lookup(account) == nil)
    try await subject.store(try own())
    #expect(subject.registry.lookup(account)?.token == good)
    // What cannot be stored is not sent.
    let count = service.asked.count
    #expect(await subject.refusal(of: try own(iat: Self.begin - 1)) == .older)
    #expect(service.asked.count == count)
  }
}
