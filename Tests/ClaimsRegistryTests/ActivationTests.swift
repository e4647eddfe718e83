import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Testing

@Suite("Activations")
struct ActivationTests {
  private let authority: TestAuthority
  private let exporter: TestExporter
  private let importer: AccountKey
  private let subject: RegistryUnderTest

  init() async throws {
    authority = try TestAuthority()
    exporter = try TestExporter()
    importer = try TestAuthority.account()
    subject = try RegistryUnderTest(trusting: [authority])
    try await subject.store(try exporter.claims(by: authority))
  }

  private func refusal(of token: Token) async -> Refusal.Code? {
    do {
      try await subject.registry.pushActivation(token, by: .setup)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("of a known account, signed by its identity or a signing key, are found by their hash", arguments: [false, true])
  func stores(_ usesSigningKey: Bool) async throws {
    let token = try exporter.activation(for: importer, signer: usesSigningKey ? exporter.signing : nil)
    let hash = try await subject.registry.pushActivation(Token(token.text + "\n"), by: .setup)
    #expect(try DecodedToken.decode(token).claims.activation?.hashID() == hash.padded)
    let stored = try #require(try subject.registry.activation(hash))
    #expect(stored.token == token && stored.kind == .activation && stored.subject == exporter.account)
    // Of whoever grants it: the other account has no part in it.
    #expect(try await subject.history(exporter.account).map(\.kind) == [.activation, .put])
    #expect(try await subject.history(importer).isEmpty)
  }

  @Test("make no account of whom they are granted to")
  func changesNoClaims() async throws {
    try await subject.registry.pushActivation(try exporter.activation(for: importer), by: .setup)
    #expect(subject.registry.accounts() == [exporter.account])
    #expect(subject.registry.lookup(importer) == nil)
    let claims = try authority.account(importer)
    try await subject.store(claims)
    try await subject.registry.pushActivation(try exporter.activation(for: importer, iat: TestTime.seconds + 1), by: .setup)
    #expect(subject.registry.lookup(importer)?.token == claims)
  }

  @Test("of accounts that are not known, and by keys that are not theirs, are refused")
  func strangers() async throws {
    let stranger = try TestExporter()
    #expect(await refusal(of: try stranger.activation(for: importer)) == .untrustedIssuer)
    #expect(await refusal(of: try exporter.activation(for: importer, signer: stranger.signing)) == .untrustedIssuer)
    #expect(await refusal(of: try exporter.activation(for: importer, signer: authority.identity)) == .untrustedIssuer)
    // A signing key that does not say whose it is.
    let unnamed = try exporter.activation(for: importer, signer: exporter.signing) { $0.issuerAccount = "" }
    #expect(await refusal(of: unnamed) == .untrustedIssuer)
    let byOperator = try exporter.activation(for: importer, signer: authority.identity) { $0.issuerAccount = "" }
    #expect(await refusal(of: byOperator) == .wrongIssuer)
    #expect(try await subject.history(exporter.account).count == 1)
  }

  @Test("of a deleted account, and by a signing key that was taken out, are refused")
  func former() async throws {
    let bySigningKey = try exporter.activation(for: importer, signer: exporter.signing)
    try await subject.store(try authority.account(exporter.account, iat: TestTime.seconds + 1))
    #expect(await refusal(of: bySigningKey) == .untrustedIssuer)
    _ = try await subject.registry.delete(
      try authority.deletion(of: [exporter.account], iat: TestTime.seconds + 2), by: .setup)
    #expect(await refusal(of: try exporter.activation(for: importer)) == .untrustedIssuer)
  }

  @Test("that are damaged, of another type, expired, from the future or without content are refused")
  func invalid() async throws {
    let good = try exporter.activation(for: importer)
    var bytes = good.bytes
    bytes[bytes.count - 3] ^= 1
    #expect(await refusal(of: Token(bytes)) == .badToken)
    #expect(await refusal(of: Token("a.b.c")) == .badToken)
    #expect(await refusal(of: try authority.account(importer)) == .badToken)
    #expect(await refusal(of: try exporter.activation(for: importer) { $0.common.exp = TestTime.seconds - 1 }) == .invalidClaims)
    #expect(await refusal(of: try exporter.activation(for: importer, iat: TestTime.seconds + 1000)) == .fromTheFuture)
    #expect(await refusal(of: try exporter.activation(for: importer, subject: "")) == .invalidClaims)
    #expect(await refusal(of: try exporter.activation(for: importer) { $0.kind = .unknown }) == .invalidClaims)
    let large = try exporter.activation(for: importer) { $0.tags = [String(repeating: "a", count: 60_000)] }
    #expect(await refusal(of: large) == .tooLarge)
  }

  @Test("replace older ones of their hash, and are never replaced by them")
  func freshness() async throws {
    let first = try exporter.activation(for: importer)
    let second = try exporter.activation(for: importer, subject: "private.*", iat: TestTime.seconds) { $0.common.name = "second" }
    let third = try exporter.activation(for: importer, iat: TestTime.seconds + 1)
    let hash = try await subject.registry.pushActivation(first, by: .setup)
    #expect(try await subject.registry.pushActivation(first, by: .setup) == hash)
    #expect(try await subject.registry.pushActivation(second, by: .setup) == hash)
    #expect(await refusal(of: first) == .superseded)
    #expect(try await subject.registry.pushActivation(third, by: .setup) == hash)
    for older in [first, second] { #expect(await refusal(of: older) == .older) }
    #expect(try subject.registry.activation(hash)?.token == third)
    #expect(try await subject.history(exporter.account).count == 4)
    // Another subject is another activation.
    #expect(try await subject.registry.pushActivation(try exporter.activation(for: importer, subject: "other"), by: .setup) != hash)
  }

  @Test("are there again after a restart, and the accounts are as they were")
  func restart() async throws {
    let token = try exporter.activation(for: importer)
    let hash = try await subject.registry.pushActivation(token, by: .setup)
    await subject.store.close()
    let again = try RegistryUnderTest(trusting: [authority], folder: subject.folder)
    #expect(try again.registry.activation(hash)?.token == token)
    #expect(again.registry.accounts() == [exporter.account])
    await again.store.close()
  }
}
