import Nkeys

extension Claims {
  /// The keys in these claims that the reference takes in another than their canonical text.
  ///
  /// Texts that are no key even for the reference are left to validation.
  var keyViolations: [StrictnessViolation] {
    var violations: [StrictnessViolation] = []
    if let role = type.subjectRole { check(common.sub, "subject", mustBe: role, &violations) }
    check(common.iss, "issuer", &violations)
    check(issuerAccount, "issuer_account", &violations)
    switch self {
    case .operator(let claims):
      check(claims.systemAccount, "system_account", &violations)
      for key in claims.signingKeys { check(key, "signing key", &violations) }
    case .account(let claims):
      for key in claims.signingKeys.keys { check(key, "signing key", &violations) }
    default: break
    }
    return violations
  }

  private func check(_ reference: KeyReference, _ place: String, mustBe role: Role? = nil, _ violations: inout [StrictnessViolation]) {
    if reference.isEmpty && role == nil { return }
    do throws(NkeyError) {
      let key = try reference.readPublicKey()
      if let role, key.role != role {
        violations.append(StrictnessViolation(.subjectKey, "\(place) is a key of role \(key.role.rawValue)"))
      }
    } catch {
      let isKey = reference.lenientKey?.role != nil || role.map { reference.isKey(of: $0) } ?? false
      if error.code == .weakKey {
        violations.append(StrictnessViolation(.weakKey, place))
      } else if isKey {
        violations.append(StrictnessViolation(.aliasedKey, "\(place): \(error.message)"))
      } else if role != nil {
        violations.append(StrictnessViolation(.subjectKey, "\(place) is not a key"))
      }
    }
  }
}
