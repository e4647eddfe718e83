import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Nkeys
import Testing

@Suite("Pushes")
struct PushTests {
  private let authority: TestAuthority
  private let account: AccountKey
  private let subject: RegistryUnderTest

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
    subject = try RegistryUnderTest(trusting: [authority])
  }

  @Test("a token of a trusted operator is stored, as it is, and served")
  func stores() async throws {
    let token = try authority.account(account)
    let record = try await subject.store(token)
    #expect(record.change.kind == .put)
    #expect(record.change.token == token)
    #expect(subject.registry.lookup(account)?.token == token)
    #expect(subject.registry.accounts() == [account])
    var key = account.text
    #expect(key.withUTF8 { subject.registry.lookup(utf8: UnsafeRawBufferPointer($0)) }?.token == token)
  }

  @Test("the same bytes again, also with a line feed at the end, change nothing")
  func isIdempotent() async throws {
    let token = try authority.account(account)
    try await subject.store(token)
    for again in [token, Token(token.text + "\n")] {
      guard case .unchanged = try await subject.registry.push(again, by: .setup) else {
        Issue.record("stored again")
        continue
      }
    }
    #expect(try await subject.store.log.lastSequence() == 1)
  }

  @Test("an older token is refused and nothing changes")
  func refusesOlder() async throws {
    let newer = try authority.account(account, iat: TestTime.seconds)
    try await subject.store(newer)
    #expect(await subject.refusal(of: try authority.account(account, iat: TestTime.seconds - 1)) == .older)
    #expect(subject.registry.lookup(account)?.token == newer)
    #expect(try await subject.store.log.lastSequence() == 1)
  }

  @Test("of two tokens of one second pushed A, B, A the third is refused")
  func refusesSuperseded() async throws {
    let (first, second) = (try authority.account(account, name: "A"), try authority.account(account, name: "B"))
    try await subject.store(first)
    let record = try await subject.store(second)
    #expect(record.change.generation == 1)
    #expect(await subject.refusal(of: first) == .superseded)
    #expect(subject.registry.lookup(account)?.token == second)
  }

  @Test("two tokens whose jti is the same are two tokens")
  func jtiIsNoIdentity() async throws {
    let first = try authority.account(account)
    let second = try authority.account(account) { $0.limits.connections = 5 }
    #expect(try DecodedToken.decode(first).claims.common.jti == DecodedToken.decode(second).claims.common.jti)
    try await subject.store(first)
    try await subject.store(second)
    #expect(subject.registry.lookup(account)?.token == second)
  }

  @Test("the mark of a deleted account outlives a restart")
  func marksOutlive() async throws {
    let token = try authority.account(account, iat: TestTime.seconds - 10)
    try await subject.store(token)
    _ = try await subject.registry.delete(try authority.deletion(of: [account]), by: .setup)
    await subject.store.close()
    let folder = subject.folder
    let again = try RegistryUnderTest(trusting: [authority], folder: folder)
    #expect(await again.refusal(of: token) == .deleted)
    try await again.store(try authority.account(account, iat: TestTime.seconds + 1))
    await again.store.close()
  }

  @Test("tokens by strangers are refused")
  func refusesStrangers() async throws {
    let stranger = try TestAuthority()
    let pair = try KeyPair.generate(.account)
    let own = try AccountKey(pair.publicKey)
    #expect(await subject.refusal(of: try stranger.account(account)) == .untrustedIssuer)
    #expect(await subject.refusal(of: try authority.account(own, signer: pair)) == .selfSigned)
    #expect(await subject.refusal(of: try authority.account(account, signer: pair)) == .wrongIssuer)
    #expect(subject.registry.accounts().isEmpty)
  }

  @Test("an operator that demands signing keys may not sign with its identity key")
  func respectsStrictness() async throws {
    let strict = try TestAuthority(strict: true)
    let subject = try RegistryUnderTest(trusting: [strict])
    #expect(await subject.refusal(of: try strict.account(account, signer: strict.identity)) == .signingKeyRequired)
    try await subject.store(try strict.account(account))
  }

  @Test("any of several operators may sign")
  func trustsSeveral() async throws {
    let second = try TestAuthority()
    let subject = try RegistryUnderTest(trusting: [authority, second])
    try await subject.store(try second.account(account))
    #expect(subject.registry.operators.map(\.token) == [authority.token, second.token])
  }

  @Test("the request and the token must be about the same account")
  func comparesSubjects() async throws {
    let other = try TestAuthority.account()
    #expect(await subject.refusal(of: try authority.account(account), expected: other) == .wrongSubject)
  }

  @Test(
    "what is no account token is refused",
    arguments: ["", "a.b.c", "not a token", "..", "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.e30.AA"])
  func refusesGarbage(_ text: String) async {
    #expect(await subject.refusal(of: Token(text)) == .badToken)
  }

  @Test("operator, user and delete tokens are no account tokens")
  func refusesOtherTypes() async throws {
    let pair = try KeyPair.generate(.account)
    let user = try UserClaims(subject: KeyReference(KeyPair.generate(.user).publicKey)).signed(by: pair, at: TestTime.seconds)
    for token in [authority.token, user, try authority.deletion(of: [account])] {
      #expect(await subject.refusal(of: token) == .badToken)
    }
  }

  @Test("a token with one changed byte is refused, wherever it is")
  func refusesChangedBytes() async throws {
    let token = try authority.account(account)
    for index in stride(from: 0, to: token.bytes.count, by: 7) {
      var bytes = token.bytes
      bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      #expect(await subject.refusal(of: Token(bytes)) != nil, "byte \(index)")
    }
    #expect(subject.registry.accounts().isEmpty)
  }

  @Test("a signature with spare bits is refused by name, not stored beside its twin")
  func refusesMalleableTokens() async throws {
    let text = try authority.account(account).text
    let last = try #require(text.last)
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    let position = try #require(alphabet.firstIndex(of: last))
    let refusal = await subject.refused(of: Token(text.dropLast() + String(alphabet[position + 1])))
    #expect(refusal?.code == .notStrict)
    #expect(refusal?.message.contains("loose-base64") == true)
  }

  @Test("a token of version 1 is stored as it is, and cannot come back under another header, which its signature does not cover")
  func refusesAliasesOfVersion1() async throws {
    let small = #"{"typ":"jwt","alg":"ed25519"}"#
    let large = #"{"typ":"JWT","alg":"ed25519"}"#
    let first = try authority.version1(account, name: "A", header: large)
    let second = try authority.version1(account, name: "B", header: large)
    try await subject.store(first)
    #expect(subject.registry.lookup(account)?.token == first)
    #expect(await subject.refusal(of: try authority.version1(account, name: "A", header: small)) == .superseded)
    try await subject.store(second)
    for header in [small, large] {
      #expect(await subject.refusal(of: try authority.version1(account, name: "A", header: header)) == .superseded)
    }
    for header in [#"{"typ":"jwt","alg":"ed25519" }"#, #"{"alg":"ed25519","typ":"jwt"}"#, #"{"typ":"jwt","alg":"ed25519","x":1}"#] {
      let refusal = await subject.refused(of: try authority.version1(account, name: "A", header: header))
      #expect(refusal?.code == .notStrict)
      #expect(refusal?.message.contains("unsigned-header") == true)
    }
    #expect(subject.registry.lookup(account)?.token == second)
  }

  @Test("tokens of version 1 are refused when they are not allowed")
  func refusesVersion1() async throws {
    let subject = try RegistryUnderTest(trusting: [authority], policy: AdmissionPolicy(allowsVersion1: false))
    let token = try authority.version1(account, name: "A", header: #"{"typ":"jwt","alg":"ed25519"}"#)
    #expect(await subject.refusal(of: token) == .version1)
  }

  @Test("what strangers wrote is cut and cleaned before it is repeated")
  func cleansRefusals() async throws {
    let algorithm = String(repeating: "x", count: 5000) + #"\n"#
    let header = Data(#"{"typ":"JWT","alg":"\#(algorithm)"}"#.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
    let refusal = await subject.refused(of: Token("\(header).e30.AA"))
    #expect(refusal?.code == .badToken)
    #expect((refusal?.message.count ?? 0) < 1100)
    #expect(refusal?.message.contains("\n") == false)
  }

  @Test("expired and not yet valid tokens are refused")
  func refusesTimes() async throws {
    let expired = try authority.account(account) { $0.common.exp = TestTime.seconds - 1 }
    let future = try authority.account(account) { $0.common.nbf = TestTime.seconds + 1 }
    let last = try authority.account(account) { $0.common.exp = TestTime.seconds }
    #expect(await subject.refusal(of: expired) == .invalidClaims)
    #expect(await subject.refusal(of: future) == .invalidClaims)
    #expect(await subject.refusal(of: last) == nil)
  }

  @Test("a token from further ahead than the clock's tolerance is refused, with both clocks")
  func refusesTheFuture() async throws {
    #expect(await subject.refusal(of: try authority.account(account, iat: TestTime.seconds + 300)) == nil)
    let refusal = await subject.refused(of: try authority.account(account, iat: TestTime.seconds + 301))
    #expect(refusal?.code == .fromTheFuture)
    #expect(refusal?.message.contains("\(TestTime.seconds + 301)") == true)
    #expect(refusal?.message.contains("\(TestTime.seconds) ") == true)
  }

  @Test("blocking issues are refused in the peer's words")
  func refusesInvalidClaims() async throws {
    let token = try authority.account(account) { claims in
      claims.exports = [Export(.stream, subject: Subject("bad subject"))]
    }
    let refusal = await subject.refused(of: token)
    #expect(refusal?.code == .invalidClaims)
    #expect(
      refusal?.message
        == "The server was unable to update your account JWT. One more more validation issues occurred.\n\t - subject \"bad subject\" cannot have spaces\n\n"
    )
  }

  @Test("a token over a mebibyte is refused as too large")
  func refusesLargeTokens() async {
    #expect(await subject.refusal(of: Token([UInt8](repeating: 65, count: Token.maximumSize + 1))) == .tooLarge)
  }

  @Test("every refusal is one line, or the peer's list, and is counted")
  func countsRefusals() async throws {
    let stranger = try TestAuthority()
    let refusal = await subject.refused(of: try stranger.account(account))
    #expect(refusal?.message.contains("\n") == false)
    #expect(subject.metrics.text().contains("nats_claims_pushes_total{result=\"untrusted_issuer\"} 1\n"))
  }

  @Test("many pushes of one account at once leave the newest, whatever came first")
  func isLinear() async throws {
    let tokens = try (0..<50).map { try authority.account(account, iat: TestTime.seconds - Int64($0)) }
    let subject = subject
    await withTaskGroup(of: Void.self) { group in
      for token in tokens.shuffled() { group.addTask { _ = await subject.refusal(of: token) } }
    }
    #expect(subject.registry.lookup(account)?.token == tokens[0])
    let history = try await subject.registry.history(of: account)
    #expect(history.map(\.change.iat) == history.map(\.change.iat).sorted(by: >))
  }
}
