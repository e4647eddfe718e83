import Nkeys
import Testing

@testable import Claims

/// A key of which only the public half is there.
private struct PublicOnlySigner: ClaimsSigner {
  let publicKey: PublicKey

  func signature(of message: [UInt8]) throws(ClaimsError) -> [UInt8] { throw .noPrivateKey }
}

extension SecretText {
  /// The characters, which only a test may make visible.
  fileprivate var revealed: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}

@Suite("signing as the vectors say")
struct EncodeVectorTests {
  private func sign(_ claims: Claims, _ signer: String, at iat: Int64) throws(ClaimsError) -> SignedClaims {
    do {
      if signer.hasPrefix("S") { return try claims.signedClaims(by: KeyPair(seed: signer), at: iat) }
      return try claims.signedClaims(by: PublicOnlySigner(publicKey: PublicKey(signer)), at: iat)
    } catch let error as ClaimsError {
      throw error
    } catch {
      throw ClaimsError(.key, "\(error)")
    }
  }

  @Test("claims are signed byte for byte", arguments: ClaimsVectors.encode.cases("encode"))
  func encodes(_ vector: ClaimsVectorCase) throws {
    let type = try #require(ClaimType(rawValue: vector.text("type")))
    let claims = try Claims(type, json: Array((vector.value["claims"] ?? .null).jsonText.utf8))
    let expected = vector.expected
    do throws(ClaimsError) {
      let signed = try sign(claims, vector.text("signer_seed_or_public"), at: vector.integer("iat"))
      #expect(expected.bool("ok"), "an error is expected: \(expected.text("error"))")
      #expect(String(decoding: signed.hashed, as: UTF8.self).utf8.elementsEqual(expected.text("jti_preimage").utf8))
      #expect(signed.jti == expected.text("jti"))
      #expect(String(decoding: signed.payload, as: UTF8.self) == expected.text("payload_json"))
      #expect(String(decoding: TokenHeader.current, as: UTF8.self) == expected.text("header_json"))
      #expect(signed.token.text == expected.text("token"))
    } catch {
      #expect(!expected.bool("ok"), "\(error.message)")
      if expected.bool("error_exact") { #expect(error.message == expected.text("error")) }
    }
  }

  @Test("constructors preset what the reference's do", arguments: ClaimsVectors.encode.cases("defaults"))
  func defaults(_ vector: ClaimsVectorCase) throws {
    let subject = vector.key("subject")
    let claims: Claims
    switch vector.text("type") {
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
      #expect(writer.text == vector.text("claims_json"))
      return
    default:
      Issue.record("unknown constructor \(vector.text("type"))")
      return
    }
    #expect(claims.jsonText() == vector.text("claims_json"))
  }

  @Test("tokens and seeds are decorated for credentials", arguments: ClaimsVectors.encode.cases("creds"))
  func credentials(_ vector: ClaimsVectorCase) {
    let token = Token(vector.text("token"))
    let seed = vector.text("seed")
    do throws(ClaimsError) {
      let text =
        switch vector.text("op") {
        case "decorate_jwt": try Credentials.decorated(token)
        case "decorate_seed": try Credentials.decorated(seed: seed).revealed
        case "format_user_config": try Credentials.userConfiguration(token, seed: seed).revealed
        default: "unknown operation \(vector.text("op"))"
        }
      #expect(vector.expected.text("error") == "")
      #expect(text == vector.expected.text("text"))
    } catch {
      if Self.writesWhatIsNoSeed(vector) { return }
      #expect(error.message == vector.expected.text("error"))
    }
  }

  /// On purpose: the reference decorates any text that begins like a seed, we decorate seeds.
  private static func writesWhatIsNoSeed(_ vector: ClaimsVectorCase) -> Bool {
    guard vector.text("op") == "decorate_seed", vector.expected.text("error").isEmpty else { return false }
    return (try? KeyPair(seed: GoText.trimmed(vector.text("seed")))) == nil
  }

  @Test("a user is issued in one call", arguments: ClaimsVectors.encode.cases("issue_user"))
  func issuesUsers(_ vector: ClaimsVectorCase) throws {
    let signer = try KeyPair(seed: vector.text("signing_seed"))
    do throws(ClaimsError) {
      let token = try UserClaims.issue(
        by: signer, account: vector.key("account_id"), user: vector.key("user_public_key"), name: vector.text("name"),
        lifetime: vector.integer("expires_in_seconds"), tags: vector.texts("tags"), at: vector.integer("now"))
      #expect(vector.expected.text("error") == "")
      #expect(token.text == vector.expected.text("token"))
    } catch {
      #expect(error.message == vector.expected.text("error"))
    }
  }

  @Test("every list of the file is run")
  func isComplete() {
    #expect(ClaimsVectors.encode.problems(running: ["encode", "defaults", "creds", "issue_user"]) == [])
  }
}
