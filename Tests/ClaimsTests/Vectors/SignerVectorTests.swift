import Nkeys
import TestSupport
import Testing

@testable import Claims

@Suite("who may have signed what, as the vectors say")
struct SignerVectorTests {
  @Test("an operator or account tells whether it signed claims", arguments: ClaimsVectors.decode.cases("did_sign"))
  func didSign(_ vector: ClaimsVectorCase) {
    #expect(Self.didSignDifferences(of: vector) == [])
  }

  @Test("a scoped signing key's users carry nothing of their own", arguments: ClaimsVectors.decode.cases("scoped"))
  func scope(_ vector: ClaimsVectorCase) {
    #expect(Self.scopeDifferences(of: vector) == [])
  }

  @Test("claims are revoked by an account or one of its exports", arguments: ClaimsVectors.decode.cases("claim_revoked"))
  func claimRevoked(_ vector: ClaimsVectorCase) {
    #expect(Self.claimRevokedDifferences(of: vector) == [])
  }

  /// The claims of a token; nil for an empty text.
  private static func claims(_ text: String) throws -> Claims? {
    text.isEmpty ? nil : try VerifiedClaims.decode(Token(text)).claims
  }

  private static func account(of vector: ClaimsVectorCase) throws -> AccountClaims {
    guard let account = try claims(vector.text("account_token"))?.account else { throw SetupError("the account is none") }
    return account
  }

  static func didSignDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let signed = try claims(vector.text("claim_token"))
      switch try claims(vector.text("signer_token")) {
      case .operator(let signer): differences.compare("did_sign", signer.didSign(signed), with: vector.bool("did_sign"))
      case .account(let signer): differences.compare("did_sign", signer.didSign(signed), with: vector.bool("did_sign"))
      default: throw SetupError("the signer is neither operator nor account")
      }
    }
  }

  static func scopeDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let account = try account(of: vector)
      guard let signed = try claims(vector.text("claim_token")) else { throw SetupError("there is no claim") }
      let expected = vector.expected
      let issuer = signed.common.iss
      let scope = account.signingKeys.scope(of: issuer)
      differences.compare("issuer_is_signing_key", account.signingKeys.contains(issuer), with: expected.bool("issuer_is_signing_key"))
      differences.compare("signing_key_has_scope", scope != nil, with: expected.bool("signing_key_has_scope"))
      differences.compare("did_sign", account.didSign(signed), with: expected.bool("did_sign"))
      let isEmpty = signed.user?.limits.isEmpty ?? false
      differences.compare("user_has_empty_permissions", isEmpty, with: expected.bool("user_has_empty_permissions"))
      var error = ""
      do throws(ClaimsError) {
        try scope?.validate(signed)
      } catch let refusal {
        error = refusal.message
      }
      differences.compare("scope_error", error, with: expected.text("scope_error"))
    }
  }

  static func claimRevokedDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let account = try account(of: vector)
      let signed = try claims(vector.text("claim_token"))
      let index = Int(vector.integer("export_index"))
      if index < 0 {
        differences.compare("revoked", account.isRevoked(signed?.user), with: vector.bool("revoked"))
      } else {
        guard account.exports.indices.contains(index), let export = account.exports[index] else { throw SetupError("there is no export") }
        differences.compare("revoked", export.isRevoked(signed?.activation), with: vector.bool("revoked"))
      }
    }
  }
}
