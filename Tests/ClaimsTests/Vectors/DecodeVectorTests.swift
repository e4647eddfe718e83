import Testing

@testable import Claims

@Suite("decoding as the vectors say")
struct DecodeVectorTests {
  @Test("a token is decoded, verified and written again as the reference does", arguments: ClaimsVectors.decode.cases("decode"))
  func decodes(_ vector: ClaimsVectorCase) {
    let token = vector.token()
    let expected = vector.expected
    let outcome = DecodeOutcome({ () throws(ClaimsError) in try VerifiedClaims.decode(token) }, isGeneric: false)
    #expect(outcome.differences(to: expected) == [])
    let generic = DecodeOutcome({ () throws(ClaimsError) in try VerifiedClaims.decodeGeneric(token) }, isGeneric: true)
    #expect(generic.differences(to: expected.part("decode_generic") ?? expected, isGeneric: true) == [])
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
