import Nkeys
import TestSupport
import Testing

@testable import Claims

/// A key of which only the public half is there.
private struct PublicOnlySigner: ClaimsSigner {
  let publicKey: PublicKey

  func signature(of message: [UInt8]) throws(ClaimsError) -> [UInt8] { throw .noPrivateKey }
}

@Suite("signing as the vectors say")
struct EncodeVectorTests {
  @Test("claims are signed byte for byte", arguments: ClaimsVectors.encode.cases("encode"))
  func encodes(_ vector: ClaimsVectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  @Test("constructors preset what the reference's do", arguments: ClaimsVectors.encode.cases("defaults"))
  func defaults(_ vector: ClaimsVectorCase) {
    #expect(Self.defaultDifferences(of: vector) == [])
  }

  @Test("a user is issued in one call", arguments: ClaimsVectors.encode.cases("issue_user"))
  func issuesUsers(_ vector: ClaimsVectorCase) {
    #expect(Self.issueDifferences(of: vector) == [])
  }

  @Test("every list of the file is run")
  func isComplete() {
    #expect(ClaimsVectors.encode.problems(running: ["encode", "defaults", "creds", "issue_user"]) == [])
  }
}

/// Where what we write differs from what a case expects.
extension EncodeVectorTests {
  static func differences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      guard let type = ClaimType(rawValue: vector.text("type")) else { throw SetupError("the type is unknown") }
      let claims = try Claims(type, json: Array((vector.value["claims"] ?? .null).jsonText.utf8))
      let expected = vector.expected
      do throws(ClaimsError) {
        let signed = try sign(claims, vector.text("signer_seed_or_public"), at: vector.integer("iat"))
        differences.compare("ok", true, with: expected.bool("ok"))
        differences.compare("jti_preimage", String(decoding: signed.hashed, as: UTF8.self), with: expected.text("jti_preimage"))
        differences.compare("jti", signed.jti, with: expected.text("jti"))
        differences.compare("payload_json", String(decoding: signed.payload, as: UTF8.self), with: expected.text("payload_json"))
        differences.compare("header_json", String(decoding: TokenHeader.current, as: UTF8.self), with: expected.text("header_json"))
        differences.compare("token", signed.token.text, with: expected.text("token"))
      } catch {
        differences.compare("ok", false, with: expected.bool("ok"))
        if expected.bool("error_exact") { differences.compare("error", error.message, with: expected.text("error")) }
      }
    }
  }

  private static func sign(_ claims: Claims, _ signer: String, at iat: Int64) throws(ClaimsError) -> SignedClaims {
    do {
      if signer.hasPrefix("S") { return try claims.signedClaims(by: KeyPair(seed: signer), at: iat) }
      return try claims.signedClaims(by: PublicOnlySigner(publicKey: PublicKey(signer)), at: iat)
    } catch let error as ClaimsError {
      throw error
    } catch {
      throw ClaimsError(.key, "\(error)")
    }
  }

  static func defaultDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      differences.compare("claims_json", try defaults(of: vector.text("type"), vector), with: vector.text("claims_json"))
    }
  }

  private static func defaults(of type: String, _ vector: ClaimsVectorCase) throws -> String {
    let subject = vector.key("subject")
    let claims: Claims
    switch type {
    case "operator": claims = .operator(OperatorClaims(subject: subject))
    case "account": claims = .account(AccountClaims(subject: subject))
    case "user": claims = .user(UserClaims(subject: subject))
    case "user_scoped": claims = .user(UserClaims(scopedSubject: subject))
    case "activation": claims = .activation(ActivationClaims(subject: subject))
    case "authorization_request": claims = .authorizationRequest(AuthorizationRequestClaims(subject: subject))
    case "authorization_response": claims = .authorizationResponse(AuthorizationResponseClaims(subject: subject))
    case "generic": claims = .generic(GenericClaims(subject: subject))
    case "user_scope":
      var writer = JSONWriter()
      UserScope(key: subject).write(to: &writer)
      return writer.text
    default: throw SetupError("the constructor \(type) is unknown")
    }
    return claims.jsonText()
  }

  static func issueDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let signer = try KeyPair(seed: vector.text("signing_seed"))
      let expected = vector.expected
      do throws(ClaimsError) {
        let token = try UserClaims.issue(
          by: signer, account: vector.key("account_id"), user: vector.key("user_public_key"), name: vector.text("name"),
          lifetime: vector.integer("expires_in_seconds"), tags: vector.texts("tags"), at: vector.integer("now"))
        differences.compare("error", "", with: expected.text("error"))
        differences.compare("token", token.text, with: expected.text("token"))
      } catch {
        differences.compare("error", error.message, with: expected.text("error"))
        differences.compare("token", "", with: expected.text("token"))
      }
    }
  }
}
