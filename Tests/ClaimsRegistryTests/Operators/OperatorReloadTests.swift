import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Synchronization
import Testing

@Suite("Operators' tokens that change while the server runs")
struct OperatorReloadTests {
  private let authority: TestAuthority
  private let account: AccountKey
  private let subject: RegistryUnderTest

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
    subject = try RegistryUnderTest(trusting: [authority])
  }

  private var now: Int64 { TestTime.seconds }

  @Test("a key that was taken out signs nothing any more; what it signed is served and flagged")
  func removedKey() async throws {
    let token = try authority.account(account, iat: now - 5)
    try await subject.store(token)
    #expect(subject.registry.untrusted.count == 0)
    #expect(subject.reload(try authority.withoutSigningKey().text))
    #expect(await subject.refusal(of: try authority.account(account, iat: now)) == .untrustedIssuer)
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account])) == .untrustedIssuer)
    #expect(subject.registry.lookup(account)?.token == token)
    #expect(subject.registry.untrusted.count == 1)
    let warning = try #require(subject.warnings(.untrustedClaims).first)
    #expect(warning.contains(account.text) && warning.contains(authority.signing.publicKey.text))
    #expect(try subject.owner(of: account) == authority.identity.publicKey.text)
    try await subject.store(try authority.account(account, iat: now, signer: authority.identity))
    try await eventually("the account is not flagged any more") { subject.registry.untrusted.count == 0 }
    #expect(subject.warnings(.untrustedClaims).isEmpty)
  }

  @Test("a key that was added signs at once")
  func addedKey() async throws {
    let added = try KeyPair.generate(.operator)
    let token = try authority.account(account, signer: added)
    #expect(await subject.refusal(of: token) == .untrustedIssuer)
    #expect(subject.reload(try authority.renewed { $0.signingKeys.append(KeyReference(added.publicKey)) }.text))
    try await subject.store(token)
  }

  @Test("an operator that comes to demand signing keys flags what its identity key signed")
  func strictness() async throws {
    try await subject.store(try authority.account(account, iat: now - 5, signer: authority.identity))
    #expect(subject.reload(try authority.renewed { $0.strictSigningKeyUsage = true }.text))
    #expect(await subject.refusal(of: try authority.account(account, iat: now, signer: authority.identity)) == .signingKeyRequired)
    #expect(subject.registry.untrusted.count == 1)
  }

  @Test("the system account that the new token names is protected, the former one is not")
  func systemAccount() async throws {
    try await subject.store(try authority.account(account))
    let former = try AccountKey(authority.system.publicKey)
    try await subject.store(try authority.account(former))
    #expect(subject.reload(try authority.renewed { $0.systemAccount = KeyReference(account.publicKey) }.text))
    #expect(await subject.deletionRefusal(try authority.deletion(of: [account])) == .systemAccount)
    #expect(await subject.deletionRefusal(try authority.deletion(of: [former])) == nil)
  }

  /// What must not take the place of the token in force.
  enum Bad: CaseIterable {
    case unreadable, empty, garbage, accountToken, otherOperator, older, forged

    func content(_ authority: TestAuthority) throws -> OperatorReading.Content {
      switch self {
      case .unreadable: .unreadable("Permission denied")
      case .empty: .text("")
      case .garbage: .text("eyJ0eXAi.garbage")
      case .accountToken: .text(try authority.account(TestAuthority.account()).text)
      case .otherOperator: .text(try TestAuthority().token.text)
      case .older: .text(try authority.renewed(after: -1).text)
      case .forged: .text(try authority.renewed(signer: try KeyPair.generate(.operator)).text)
      }
    }

    var words: String {
      switch self {
      case .unreadable: "cannot be read (Permission denied)"
      case .empty, .garbage, .accountToken: "holds no operator token"
      case .otherOperator: "holds the token of another operator"
      case .older: "holds an older token"
      case .forged: "which is no key of the operator"
      }
    }
  }

  @Test("a bad file changes nothing and is named in the warnings, until it is good again", arguments: Bad.allCases)
  func refuses(_ bad: Bad) async throws {
    let changed = subject.registry.reloadOperators([OperatorReading(file: "operator.jwt", content: try bad.content(authority))])
    #expect(!changed)
    let warning = try #require(subject.warnings(.operatorFiles).first)
    #expect(warning.contains("operator.jwt") && warning.contains(bad.words), "\(warning)")
    #expect(subject.registry.operators.map(\.token) == [authority.token])
    try await subject.store(try authority.account(account))
    #expect(!subject.reload(authority.token.text))
    #expect(subject.warnings(.operatorFiles).isEmpty)
  }

  @Test("another token of the same second is accepted")
  func sameSecond() throws {
    let other = try authority.renewed(after: 0) { $0.common.name = "other" }
    #expect(other != authority.token)
    #expect(subject.reload(other.text))
    #expect(subject.registry.operators.map(\.token) == [other])
  }

  @Test("a bad file of one operator does not hold up the others")
  func oneOfTwo() throws {
    let second = try TestAuthority()
    let subject = try RegistryUnderTest(trusting: [authority, second])
    let renewed = try second.withoutSigningKey()
    #expect(subject.reload("garbage", renewed.text))
    #expect(subject.registry.operators.map(\.token) == [authority.token, renewed])
    #expect(subject.warnings(.operatorFiles).count == 1)
  }

  @Test("what was admitted while a key was trusted is not stored after the key was taken out", arguments: ["push", "delete"])
  func reloadDuringJudgement(_ door: String) async throws {
    // The clock is asked between admission and the transaction: there the reload happens.
    let hook = Mutex<(@Sendable () -> Void)?>(nil)
    let subject = try RegistryUnderTest(
      trusting: [authority],
      clock: WallClock {
        hook.withLock { $0 }?()
        return TestTime.seconds * 1000
      })
    let token = try authority.account(account, iat: now - 5)
    try await subject.store(token)
    let renewed = try authority.withoutSigningKey()
    let calls = Mutex(0)
    hook.withLock {
      $0 = {
        // The first call is admission's own.
        let count = calls.withLock { calls in
          calls += 1
          return calls
        }
        if count == 2 { subject.reload(renewed.text) }
      }
    }
    switch door {
    case "push": #expect(await subject.refusal(of: try authority.account(account, iat: now)) == .untrustedIssuer)
    default: #expect(await subject.deletionRefusal(try authority.deletion(of: [account])) == .untrustedIssuer)
    }
    hook.withLock { $0 = nil }
    #expect(calls.withLock { $0 } >= 2)
    #expect(subject.registry.operators.map(\.token) == [renewed])
    #expect(try await subject.history(account).map(\.token) == [token])
  }

  @Test("a reader never sees the keys of one state with the flags of another")
  func noMixedTrust() async throws {
    // In one state the identity key may sign and the signing key is unknown; in the other it is the reverse.
    let open = try authority.renewed(after: 10) { $0.signingKeys = [] }
    let strict = try authority.renewed(after: 10) { $0.strictSigningKeyUsage = true }
    let byIdentity = try VerifiedClaims.decode(try authority.account(account, signer: authority.identity)).claims
    let bySigning = try VerifiedClaims.decode(try authority.account(account)).claims
    subject.reload(strict.text)
    let reloading = Task { [subject] in
      for round in 0..<2000 { subject.reload(round.isMultiple(of: 2) ? open.text : strict.text) }
    }
    for _ in 0..<5000 {
      let trust = subject.registry.trust.current
      let accepted = [trust.accepts(byIdentity), trust.accepts(bySigning)]
      #expect(accepted == [true, false] || accepted == [false, true])
    }
    await reloading.value
  }
}

extension Trust {
  fileprivate func accepts(_ claims: Claims) -> Bool { operators.contains { $0.claims.didSign(claims) } }
}
