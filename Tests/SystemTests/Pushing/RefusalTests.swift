import Claims
import ClaimsTestSupport
import Nkeys
import Testing

extension SystemTests {
  @Suite("a push that must not be taken")
  struct RefusalTests {
    /// What is wrong with a push.
    enum Fault: String, CaseIterable, CustomTestStringConvertible {
      case foreignOperator = "signed by a foreign operator"
      case selfSigned = "signed by the account itself"
      case otherAccount = "signed by another account"
      case garbage = "garbage"
      case empty = "nothing"
      case wrongSubject = "about another account"
      case forged = "with a signature that does not hold"
      case userToken = "a user's token"
      case expired = "expired"
      case future = "from the future"
      case lineBreak = "with a line break in it"

      var testDescription: String { rawValue }

      /// How the refusal begins; tools of the peer know these words.
      var beginning: String {
        switch self {
        case .foreignOperator: "untrusted issuer in request: "
        case .selfSigned: "Signing service not enabled: "
        case .otherAccount: "Bad JWT Issuer in request: "
        case .garbage, .empty, .forged, .userToken, .lineBreak: "bad JWT in request: "
        case .wrongSubject: "pub keys don't match: "
        case .expired: "The server was unable to update your account JWT. One more more validation issues occurred."
        case .future: "the token was issued at "
        }
      }

      func token(for account: TestAccount, of organisation: Organisation) throws -> Token {
        let authority = organisation.authority
        let now = Organisation.now
        switch self {
        case .foreignOperator: return try Organisation().authority.account(account.key, iat: now)
        case .selfSigned: return try authority.account(account.key, iat: now, signer: account.pair)
        case .otherAccount: return try authority.account(account.key, iat: now, signer: TestAccount(of: organisation).pair)
        case .garbage: return Token("this is no token")
        case .empty: return Token("")
        case .wrongSubject: return try TestAccount(of: organisation).token(10)
        case .forged:
          let body = try account.token(10).text.split(separator: ".")
          let other = try account.token(11).text.split(separator: ".")
          return Token("\(body[0]).\(body[1]).\(other[2])")
        case .userToken: return try UserClaims(subject: KeyReference(KeyPair.generate(.user).publicKey)).signed(by: account.pair, at: now)
        case .expired: return try account.token(10) { $0.common.exp = now - 1 }
        case .future: return try authority.account(account.key, iat: now + 3600)
        case .lineBreak:
          let text = try account.token(10).text
          return Token(text.prefix(40) + "\n" + text.dropFirst(40))
        }
      }
    }

    @Test("is refused with 400 and one clear line, and nothing is stored", arguments: Fault.allCases)
    func unknownAccount(_ fault: Fault) async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      try await refuse(fault, account, organisation, claims)
      #expect(try await claims.http.account(account.key).status == 404)
      #expect(claims.file(of: account.key) == nil)
      #expect(try await claims.metric("nats_claims_log_records") == 1)
    }

    @Test("leaves what is stored as it is", arguments: Fault.allCases)
    func knownAccount(_ fault: Fault) async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      let stored = try account.token(1)
      try await claims.store(stored, of: account)
      try await refuse(fault, account, organisation, claims)
      #expect(try await claims.http.account(account.key).body == stored.bytes)
      try await eventually("the file follows") { claims.file(of: account.key) == stored.bytes }
      #expect(try await claims.metric("nats_claims_log_records") == 2)
    }

    private func refuse(_ fault: Fault, _ account: TestAccount, _ organisation: Organisation, _ claims: ServerUnderTest) async throws {
      let answer = try await claims.http.push(fault.token(for: account, of: organisation), to: account.key)
      #expect(answer.status == 400)
      #expect(answer.text.hasPrefix(fault.beginning), "\(answer.text)")
      #expect(answer.text.hasSuffix("\n"))
    }

    @Test("is refused by an operator that demands signing keys when its identity key signed")
    func strictOperator() async throws {
      let organisation = try Organisation(strict: true)
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      let token = try organisation.authority.account(account.key, iat: Organisation.now, signer: organisation.authority.identity)
      let answer = try await claims.http.push(token, to: account.key)
      #expect(answer.status == 400)
      #expect(answer.text.hasPrefix("untrusted issuer in request: ") && answer.text.contains("signing keys"))
      #expect(try await claims.http.push(account.token(), to: account.key).status == 200)
    }

    @Test("is accepted from each of several operators, and refused from another")
    func severalOperators() async throws {
      let first = try Organisation()
      let second = try Organisation()
      var options = try ServerUnderTest.Options(first)
      options.operatorFiles.append(second.operatorFile)
      let claims = try await ServerUnderTest(options)
      for organisation in [first, second] {
        let account = try TestAccount(of: organisation)
        #expect(try await claims.http.push(account.token(), to: account.key).status == 200)
      }
      let stranger = try TestAccount(of: Organisation())
      #expect(try await claims.http.push(stranger.token(), to: stranger.key).status == 400)
      #expect(try await claims.http.get("/jwt/v1/operator").body == first.authority.token.bytes)
    }
  }
}
