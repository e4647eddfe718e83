import Nkeys
import Testing

@testable import Claims

@Suite("who may have signed what, as the vectors say")
struct SignerVectorTests {
  /// The claims of a token; nil for an empty text.
  private func claims(_ text: String) throws -> Claims? {
    text.isEmpty ? nil : try VerifiedClaims.decode(Token(text)).claims
  }

  @Test("an operator or account tells whether it signed claims", arguments: ClaimsVectors.decode.cases("did_sign"))
  func didSign(_ vector: ClaimsVectorCase) throws {
    let signed = try claims(vector.text("claim_token"))
    switch try claims(vector.text("signer_token")) {
    case .operator(let signer): #expect(signer.didSign(signed) == vector.bool("did_sign"))
    case .account(let signer): #expect(signer.didSign(signed) == vector.bool("did_sign"))
    default: Issue.record("the signer is neither operator nor account")
    }
  }

  @Test("a scoped signing key's users carry nothing of their own", arguments: ClaimsVectors.decode.cases("scoped"))
  func scope(_ vector: ClaimsVectorCase) throws {
    let account = try #require(try claims(vector.text("account_token"))?.account)
    let signed = try #require(try claims(vector.text("claim_token")))
    let expected = vector.expected
    let issuer = signed.common.iss
    #expect(account.signingKeys.contains(issuer) == expected.bool("issuer_is_signing_key"))
    #expect(account.didSign(signed) == expected.bool("did_sign"))
    #expect((signed.user?.limits.isEmpty ?? false) == expected.bool("user_has_empty_permissions"))
    let scope = account.signingKeys.scope(of: issuer)
    #expect((scope != nil) == expected.bool("signing_key_has_scope"))
    do throws(ClaimsError) {
      try scope?.validate(signed)
      #expect(expected.text("scope_error") == "")
    } catch {
      #expect(error.message == expected.text("scope_error"))
    }
  }

  @Test("a key is revoked up to a second", arguments: ClaimsVectors.decode.cases("revoked"))
  func revoked(_ vector: ClaimsVectorCase) {
    let revocations = Revocations(vector.times("revocations"))
    #expect(revocations.isRevoked(vector.key("public_key"), issuedAt: vector.integer("issued_at")) == vector.bool("revoked"))
  }

  @Test("claims are revoked by an account or one of its exports", arguments: ClaimsVectors.decode.cases("claim_revoked"))
  func claimRevoked(_ vector: ClaimsVectorCase) throws {
    let account = try #require(try claims(vector.text("account_token"))?.account)
    let signed = try claims(vector.text("claim_token"))
    let index = Int(vector.integer("export_index"))
    if index < 0 {
      #expect(account.isRevoked(signed?.user) == vector.bool("revoked"))
    } else {
      let export = try #require(account.exports.indices.contains(index) ? account.exports[index] : nil)
      #expect(export.isRevoked(signed?.activation) == vector.bool("revoked"))
    }
  }

  @Test("revocations are added, removed and compacted", arguments: ClaimsVectors.decode.cases("revocation_ops"))
  func revocationOperations(_ vector: ClaimsVectorCase) {
    var revocations = Revocations(vector.times("revocations"))
    var deleted: ClaimsMap<Int64> = [:]
    switch vector.text("op") {
    case "revoke": revocations.revoke(vector.key("public_key"), at: vector.integer("at"))
    case "clear", "delete", "clear_revocation": revocations.clear(vector.key("public_key"))
    case "compact": deleted = ClaimsMap(revocations.compact().map { ($0.key.text, $0.time) })
    default: Issue.record("unknown operation \(vector.text("op"))")
    }
    #expect(revocations.times == vector.expected.times("revocations"))
    #expect(deleted == vector.expected.times("deleted"))
  }

  @Test("an activation's hash covers issuer, subject and what is imported", arguments: ClaimsVectors.decode.cases("hash_id"))
  func hashID(_ vector: ClaimsVectorCase) {
    var activation = ActivationClaims(subject: vector.key("subject"))
    activation.common.iss = vector.key("issuer")
    activation.subject = Subject(vector.text("import_subject"))
    do throws(ClaimsError) {
      #expect(try activation.hashID() == vector.text("hash_id"))
      #expect(vector.text("error") == "")
    } catch {
      #expect(error.message == vector.text("error"))
    }
  }

  @Test("limits know what is unlimited, empty and enabled", arguments: ClaimsVectors.decode.cases("limits"))
  func limits(_ vector: ClaimsVectorCase) throws {
    var limits = AccountLimits()
    try limits.read(JSONDocument(Array((vector.value["limits"] ?? .null).jsonText.utf8)).root)
    let expected = vector.expected
    #expect(limits.isUnlimited == expected.bool("is_unlimited"))
    #expect(limits.isEmpty == expected.bool("is_empty"))
    #expect(limits.isJetStreamEnabled == expected.bool("is_js_enabled"))
    #expect(limits.isAccountUnlimited == expected.bool("account_limits_unlimited"))
    #expect(limits.areMessagesUnlimited == expected.bool("nats_limits_unlimited"))
    #expect(limits.jetStream.isUnlimited == expected.bool("jetstream_limits_unlimited"))
    var writer = JSONWriter()
    limits.write(to: &writer)
    #expect(writer.text == (expected.value["marshalled"] ?? .null).jsonText)
    var issues = ValidationIssues()
    limits.validate(&issues)
    #expect(issues.all.map(\.description) == expected.texts("validate_errors"))
  }
}
