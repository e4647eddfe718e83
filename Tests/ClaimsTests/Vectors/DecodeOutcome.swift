import Nkeys

@testable import Claims

/// What decoding a token gave, in the words of the vectors, to be compared member by member.
struct DecodeOutcome {
  let kind: String?
  let members: [String: String]

  init(_ decode: () throws(ClaimsError) -> VerifiedClaims, isGeneric: Bool) {
    do throws(ClaimsError) {
      let verified = try decode()
      kind = nil
      members = Self.members(of: verified.claims, isGeneric: isGeneric)
    } catch {
      kind = error.code.rawValue
      members = ["error": error.message]
    }
  }

  /// The differences to what a case expects of a decoding that succeeds or fails; none when all is as expected.
  func differences(to expected: ClaimsVectorCase, isGeneric: Bool = false) -> [String] {
    guard !expected.bool("go_panics") else { return kind == nil || expected.bool("ok") ? ["a failure is expected"] : [] }
    guard expected.bool("ok") else {
      let wanted = expected.text("error_kind")
      guard kind == wanted else { return ["error kind \(kind ?? "none") (\(members["error"] ?? "")), expected \(wanted)"] }
      guard expected.bool("error_exact"), !Self.same(members["error"] ?? "", expected.text("error")) else { return [] }
      return ["error text \(members["error"] ?? ""), expected \(expected.text("error"))"]
    }
    if let kind { return ["failed with \(kind): \(members["error"] ?? "")"] }
    return Self.wanted(expected, isGeneric: isGeneric).compactMap { name, value in
      let found = members[name] ?? ""
      return Self.same(found, value) ? nil : "\(name) is \(found), expected \(value)"
    }
  }

  private static func same(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

  private static func wanted(_ expected: ClaimsVectorCase, isGeneric: Bool) -> [String: String] {
    var wanted = ["claims_json": expected.text("claims_json"), "claim_type": expected.text("claim_type")]
    wanted["claims_json_fails"] = String(!expected.text("claims_json_error").isEmpty)
    if isGeneric { return wanted }
    for name in ["claims_kind", "sub", "iss", "aud", "name", "jti", "issuer_account", "hash_id", "hash_id_error"] {
      wanted[name] = expected.text(name)
    }
    for name in ["iat", "exp", "nbf"] { wanted[name] = String(expected.integer(name)) }
    wanted["self_signed"] = String(expected.bool("self_signed"))
    wanted["tags"] = expected.texts("tags").description
    if expected.text("claims_kind") != "generic" { wanted["version"] = String(expected.integer("version")) }
    return wanted
  }

  private static func members(of claims: Claims, isGeneric: Bool) -> [String: String] {
    let common = claims.common
    var members = [
      "claims_kind": claims.type.rawValue, "claim_type": claims.typeText, "version": String(claims.version), "sub": common.sub.text,
      "iss": common.iss.text, "aud": common.aud, "name": common.name, "jti": common.jti, "iat": String(common.iat),
      "exp": String(common.exp), "nbf": String(common.nbf), "self_signed": String(common.isSelfSigned),
      "issuer_account": claims.issuerAccount.text, "claims_json_fails": "false",
    ]
    members["tags"] = claims.type == .generic ? "[]" : claims.tags.description
    do throws(ClaimsError) {
      members["claims_json"] = String(decoding: try claims.referenceJSON(), as: UTF8.self)
    } catch {
      members["claims_json_fails"] = "true"
    }
    if let activation = claims.activation {
      do throws(ClaimsError) {
        members["hash_id"] = try activation.hashID()
      } catch {
        members["hash_id_error"] = error.message
      }
    }
    return members
  }
}
