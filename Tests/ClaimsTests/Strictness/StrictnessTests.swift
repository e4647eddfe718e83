import Testing

@testable import Claims
@testable import Nkeys

@Suite("what is refused although the reference takes it")
struct StrictnessTests {
  let account: KeyPair
  let user: KeyPair

  init() throws {
    account = try .generate(.account)
    user = try .generate(.user)
  }

  private func rules(of token: Token) throws -> Set<StrictnessRule> {
    Set(try VerifiedClaims.decode(token).strictness.map(\.rule))
  }

  private func rules(more: String = "", inNats: String = "") throws -> Set<StrictnessRule> {
    let payload = TokenForge.userPayload(issuer: account, subject: user, more: more, inNats: inNats)
    return try rules(of: TokenForge.token(payload, signedBy: account))
  }

  @Test("a token as tools make it breaks no rule")
  func cleanToken() throws {
    #expect(try rules() == [])
    #expect(try rules(of: UserClaims(subject: KeyReference(user.publicKey)).signed(by: account, at: 1)) == [])
  }

  @Test("every rule has a reason and a name of lower-case words", arguments: StrictnessRule.allCases)
  func reasons(_ rule: StrictnessRule) {
    #expect(rule.reason.count > 20)
    #expect(rule.rawValue.allSatisfy { $0.isLowercase || $0 == "-" || $0.isNumber })
  }

  @Test("loose-base64: unused bits of a chunk's last character")
  func looseBase64() throws {
    let token = try TokenForge.token(TokenForge.userPayload(issuer: account, subject: user), signedBy: account)
    var bytes = token.bytes
    let last = bytes.removeLast()
    // 64 bytes leave four unused bits in the last character; A, Q, g and w are the canonical ones.
    bytes.append(last + 1)
    #expect(try rules(of: Token(bytes)) == [.looseBase64])
  }

  @Test("line-breaks: a line end inside or behind the token", arguments: ["\n", "\r\n"])
  func lineBreaks(_ lineEnd: String) throws {
    let token = try TokenForge.token(TokenForge.userPayload(issuer: account, subject: user), signedBy: account)
    #expect(try rules(of: Token(token.bytes + Array(lineEnd.utf8))) == [.lineBreaks])
  }

  @Test(
    "duplicate-members: at any depth, also under another spelling of the same name",
    arguments: [#","name":"a","name":"b""#, #","name":"a","n\u0061me":"b""#, #","x":[{"y":1,"y":1}]"#])
  func duplicateMembers(_ more: String) throws {
    #expect(try rules(more: more) == [.duplicateMembers])
  }

  @Test("duplicate-members: among many members")
  func manyDuplicates() throws {
    let members = (0..<100).map { #""k\#($0)":0"# } + [#""k7":1"#]
    #expect(try rules(more: #","x":{\#(members.joined(separator: ","))}"#) == [.duplicateMembers])
  }

  @Test("member-case: a known member in other letters", arguments: [#","NAME":"n""#, #","ſub":"x""#])
  func memberCase(_ more: String) throws {
    #expect(try rules(more: more).contains(.memberCase))
  }

  @Test("damaged-text: half a surrogate pair")
  func damagedText() throws {
    #expect(try rules(more: #","name":"a\ud800b""#) == [.damagedText])
  }

  @Test("deep-nesting: deeper than any claims")
  func deepNesting() throws {
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(try rules(more: #","x":\#(deep)"#) == [.deepNesting])
  }

  @Test("algorithm-version: each version has its own algorithm name")
  func algorithmVersion() throws {
    let payload = TokenForge.userPayload(issuer: account, subject: user)
    let headers = [TokenForge.headerV1, #"{"typ":"JWT","alg":"ED25519-NKEY"}"#]
    for header in headers {
      #expect(try rules(of: TokenForge.token(payload, header: header, signedBy: account)) == [.algorithmVersion])
    }
    let old = #"{"iss":"\#(account)","sub":"\#(user)","type":"user","nats":{}}"#
    #expect(try rules(of: TokenForge.token(old, header: TokenForge.headerV1, signedBy: account, isV1: true)) == [])
    #expect(try rules(of: TokenForge.token(old, signedBy: account, isV1: true)) == [.algorithmVersion])
  }

  @Test("unsigned-header: the header of version 1 is one of two that tools wrote, since no signature covers it")
  func unsignedHeader() throws {
    let old = #"{"iss":"\#(account)","sub":"\#(user)","type":"user","nats":{}}"#
    for header in [#"{"typ":"jwt","alg":"ed25519"}"#, #"{"typ":"JWT","alg":"ed25519"}"#] {
      let token = try TokenForge.token(old, header: header, signedBy: account, isV1: true)
      #expect(try rules(of: token) == [])
      let decoded = try DecodedToken.decode(token)
      #expect(decoded.aliases.count == 1)
      for alias in decoded.aliases {
        #expect(alias != token)
        #expect(try rules(of: alias) == [])
        #expect(try DecodedToken.decode(alias).aliases == [token])
      }
    }
    for header in [#"{"typ":"jwt","alg":"ed25519" }"#, #"{"alg":"ed25519","typ":"jwt"}"#, #"{"typ":"Jwt","alg":"ed25519"}"#] {
      #expect(try rules(of: TokenForge.token(old, header: header, signedBy: account, isV1: true)) == [.unsignedHeader])
    }
    let new = TokenForge.userPayload(issuer: account, subject: user)
    #expect(try DecodedToken.decode(TokenForge.token(new, signedBy: account)).aliases.isEmpty)
  }

  @Test("aliased-key: an issuer, a subject or an issuer account with a line break")
  func aliasedKey() throws {
    let payloads = [
      #"{"iss":"\#(account)\n","sub":"\#(user)","nats":{"type":"user","version":2}}"#,
      #"{"iss":"\#(account)","sub":"\#(user)\n","nats":{"type":"user","version":2}}"#,
      #"{"iss":"\#(account)","sub":"\#(user)","nats":{"type":"user","version":2,"issuer_account":"\#(account)\n"}}"#,
    ]
    for payload in payloads {
      #expect(try rules(of: TokenForge.token(payload, signedBy: account)) == [.aliasedKey])
    }
  }

  @Test("weak-key: a small-order key among the signing keys")
  func weakKey() throws {
    let identity = try #require(RawKey([1] + [UInt8](repeating: 0, count: 31)))
    let weak = PublicKey(trusted: identity, role: .account)
    var claims = AccountClaims(subject: KeyReference(account.publicKey))
    claims.signingKeys.add(KeyReference(weak.text))
    #expect(try rules(of: claims.signed(by: account, at: 1)) == [.weakKey])
  }

  @Test("subject-key: a user's claims about an account, or about nothing")
  func subjectKey() throws {
    for subject in [account.publicKey.text, "nobody", ""] {
      let payload = #"{"iss":"\#(account)","sub":"\#(subject)","nats":{"type":"user","version":2}}"#
      #expect(try rules(of: TokenForge.token(payload, signedBy: account)) == [.subjectKey])
    }
  }

  @Test("oversize: the generic decoder reads any size")
  func oversize() throws {
    let filler = String(repeating: "x", count: Token.maximumSize)
    let token = try TokenForge.token(#"{"iss":"\#(user)","sub":"s","nats":{"x":"\#(filler)"}}"#, signedBy: user)
    #expect(try VerifiedClaims.decodeGeneric(token).strictness.map(\.rule) == [.oversize])
    #expect(throws: ClaimsError(.tooLarge, "")) { try VerifiedClaims.decode(token) }
  }
}
