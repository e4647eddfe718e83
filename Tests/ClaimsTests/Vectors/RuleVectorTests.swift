import Nkeys
import TestSupport
import Testing

@testable import Claims

@Suite("revocations, hashes and limits as the vectors say")
struct RuleVectorTests {
  @Test("a key is revoked up to a second", arguments: ClaimsVectors.decode.cases("revoked"))
  func revoked(_ vector: ClaimsVectorCase) {
    #expect(Self.revokedDifferences(of: vector) == [])
  }

  @Test("revocations are added, removed and compacted", arguments: ClaimsVectors.decode.cases("revocation_ops"))
  func revocationOperations(_ vector: ClaimsVectorCase) {
    #expect(Self.operationDifferences(of: vector) == [])
  }

  @Test("an activation's hash covers issuer, subject and what is imported", arguments: ClaimsVectors.decode.cases("hash_id"))
  func hashID(_ vector: ClaimsVectorCase) {
    #expect(Self.hashDifferences(of: vector) == [])
  }

  @Test("limits know what is unlimited, empty and enabled", arguments: ClaimsVectors.decode.cases("limits"))
  func limits(_ vector: ClaimsVectorCase) {
    #expect(Self.limitDifferences(of: vector) == [])
  }

  static func revokedDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let revocations = Revocations(vector.times("revocations"))
      let isRevoked = revocations.isRevoked(vector.key("public_key"), issuedAt: vector.integer("issued_at"))
      differences.compare("revoked", isRevoked, with: vector.bool("revoked"))
    }
  }

  static func operationDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      var revocations = Revocations(vector.times("revocations"))
      var deleted: ClaimsMap<Int64> = [:]
      switch vector.text("op") {
      case "revoke": revocations.revoke(vector.key("public_key"), at: vector.integer("at"))
      case "clear", "delete", "clear_revocation": revocations.clear(vector.key("public_key"))
      case "compact": deleted = ClaimsMap(revocations.compact().map { ($0.key.text, $0.time) })
      default: throw SetupError("the operation \(vector.text("op")) is unknown")
      }
      differences.compare("revocations", revocations.times, with: vector.expected.times("revocations"))
      differences.compare("deleted", deleted, with: vector.expected.times("deleted"))
    }
  }

  static func hashDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      var activation = ActivationClaims(subject: vector.key("subject"))
      activation.common.iss = vector.key("issuer")
      activation.subject = Subject(vector.text("import_subject"))
      var hash = ""
      var error = ""
      do throws(ClaimsError) {
        hash = try activation.hashID()
      } catch let refusal {
        error = refusal.message
      }
      differences.compare("hash_id", hash, with: vector.text("hash_id"))
      differences.compare("error", error, with: vector.text("error"))
    }
  }

  static func limitDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      var limits = AccountLimits()
      try limits.read(JSONDocument(Array((vector.value["limits"] ?? .null).jsonText.utf8)).root)
      let expected = vector.expected
      differences.compare("is_unlimited", limits.isUnlimited, with: expected.bool("is_unlimited"))
      differences.compare("is_empty", limits.isEmpty, with: expected.bool("is_empty"))
      differences.compare("is_js_enabled", limits.isJetStreamEnabled, with: expected.bool("is_js_enabled"))
      differences.compare("account_limits_unlimited", limits.isAccountUnlimited, with: expected.bool("account_limits_unlimited"))
      differences.compare("nats_limits_unlimited", limits.areMessagesUnlimited, with: expected.bool("nats_limits_unlimited"))
      differences.compare("jetstream_limits_unlimited", limits.jetStream.isUnlimited, with: expected.bool("jetstream_limits_unlimited"))
      var writer = JSONWriter()
      limits.write(to: &writer)
      differences.compare("marshalled", writer.text, with: (expected.value["marshalled"] ?? .null).jsonText)
      var issues = ValidationIssues()
      limits.validate(&issues)
      differences.compare("validate_errors", issues.all.map(\.description), with: expected.texts("validate_errors"))
    }
  }
}
