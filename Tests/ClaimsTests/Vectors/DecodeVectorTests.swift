import Testing

@testable import Claims
@testable import Nkeys

@Suite("decoding as the vectors say")
struct DecodeVectorTests {
  @Test("a token is decoded, verified and written again as the reference does", arguments: ClaimsVectors.decode.cases("decode"))
  func decodes(_ vector: ClaimsVectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  /// Where decoding differs from what a case expects, differences by a rule of ours left out.
  private static func differences(of vector: ClaimsVectorCase) -> [String] {
    let token = vector.token()
    let expected = vector.expected
    let outcome = DecodeOutcome({ () throws(ClaimsError) in try VerifiedClaims.decode(token) }, isGeneric: false)
    let generic = DecodeOutcome({ () throws(ClaimsError) in try VerifiedClaims.decodeGeneric(token) }, isGeneric: true)
    let genericExpected = expected.part("decode_generic") ?? expected
    return unexplained(outcome, expected, outcome.differences(to: expected), token)
      + unexplained(generic, genericExpected, generic.differences(to: genericExpected, isGeneric: true), token)
  }

  private static func unexplained(
    _ outcome: DecodeOutcome, _ expected: ClaimsVectorCase, _ differences: [String], _ token: Token
  ) -> [String] {
    guard !differences.isEmpty, expected.bool("ok") else { return differences }
    return DeliberateDifference.rule(for: token, refusedWith: outcome.kind) == nil ? differences : []
  }

  @Test("a wrong expectation is noticed, whatever member it is in")
  func noticesWrongExpectations() throws {
    let vector = try #require(
      ClaimsVectors.decode.cases("decode").first { $0.expected.bool("ok") && $0.expected.part("decode_generic") != nil })
    let expected = try #require(vector.expected.value.members)
    for (index, member) in expected.enumerated() {
      var changed = expected
      switch member.value {
      case .string(let text): changed[index].value = .string(text + "x")
      case .integer(let number): changed[index].value = .integer(number + 1)
      case .bool(let bool): changed[index].value = .bool(!bool)
      case .object(let members): changed[index].value = .object(members.filter { $0.name != "claims_json" })
      default: continue
      }
      let wrong = ClaimsVectorCase(value: .object([.init("token", vector.value["token"] ?? .null), .init("expect", .object(changed))]))
      #expect(Self.differences(of: wrong) != [], "a wrong \(member.name) goes unnoticed")
    }
  }

  @Test("a token by a small-order key, which the reference takes, is refused by its rule")
  func weakIssuer() throws {
    let raw = try #require(RawKey([1] + [UInt8](repeating: 0, count: 31)))
    let issuer = PublicKey(trusted: raw, role: .account).text
    let payload = Base64URL.encode(Array(#"{"iss":"\#(issuer)","sub":"s","nats":{"type":"user","version":2}}"#.utf8))
    let dot = UInt8(ascii: ".")
    let signature = Base64URL.encode([1] + [UInt8](repeating: 0, count: 63))
    let token = Token(Base64URL.encode(TokenHeader.current) + [dot] + payload + [dot] + signature)
    let outcome = DecodeOutcome({ () throws(ClaimsError) in try VerifiedClaims.decode(token) }, isGeneric: false)
    #expect(outcome.kind == "signature_v2")
    #expect(DeliberateDifference.rule(for: token, refusedWith: outcome.kind) == .weakKey)
  }

  @Test("a token is refused when claims of another kind were asked for", arguments: ClaimsVectors.decode.cases("typed"))
  func asksForAKind(_ vector: ClaimsVectorCase) throws {
    let type = try #require(ClaimType(rawValue: vector.text("decode_as")))
    do throws(ClaimsError) {
      _ = try VerifiedClaims.decode(vector.token(), as: type)
      #expect(vector.expected.bool("ok"))
    } catch {
      #expect(!vector.expected.bool("ok"))
      #expect(error.message == vector.expected.text("error"))
    }
  }

  @Test("every list of the file is run")
  func isComplete() {
    let lists: Set = [
      "decode", "typed", "did_sign", "scoped", "revoked", "claim_revoked", "revocation_ops", "hash_id", "limits",
    ]
    #expect(ClaimsVectors.decode.problems(running: lists) == [])
  }
}
