import TestSupport
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
  static func differences(of vector: ClaimsVectorCase, withRules: Bool = true) -> [String] {
    let token = vector.token()
    let expected = vector.expected
    let outcome = DecodeOutcome({ () throws(ClaimsError) in try VerifiedClaims.decode(token) }, isGeneric: false)
    let generic = DecodeOutcome({ () throws(ClaimsError) in try VerifiedClaims.decodeGeneric(token) }, isGeneric: true)
    let genericExpected = expected.part("decode_generic") ?? expected
    func unexplained(_ outcome: DecodeOutcome, _ expected: ClaimsVectorCase, _ differences: [String]) -> [String] {
      guard withRules, !differences.isEmpty, expected.bool("ok") else { return differences }
      return DeliberateDifference.rule(for: token, refusedWith: outcome.kind) == nil ? differences : []
    }
    return unexplained(outcome, expected, outcome.differences(to: expected))
      + unexplained(generic, genericExpected, generic.differences(to: genericExpected, isGeneric: true)).map { "decode_generic: \($0)" }
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
  func asksForAKind(_ vector: ClaimsVectorCase) {
    #expect(Self.typedDifferences(of: vector) == [])
  }

  /// Where decoding claims of one kind differs from what a case expects.
  static func typedDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      guard let type = ClaimType(rawValue: vector.text("decode_as")) else { throw SetupError("the kind is unknown") }
      var error: String?
      do throws(ClaimsError) {
        _ = try VerifiedClaims.decode(vector.token(), as: type)
      } catch let refusal {
        error = refusal.message
      }
      differences.compare("ok", error == nil, with: vector.expected.bool("ok"))
      differences.compare("error", error ?? "", with: vector.expected.text("error"))
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
