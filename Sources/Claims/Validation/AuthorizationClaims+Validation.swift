import Nkeys

extension AuthorizationRequestClaims {
  func validate(_ issues: inout ValidationIssues) {
    if userKey.isEmpty {
      issues.error("User nkey is required")
    } else if !userKey.isKey(of: .user) {
      issues.error("User nkey \(GoText.quoted(userKey.text)) is not a valid user public key")
    }
  }
}

extension AuthorizationResponseClaims {
  func validate(_ issues: inout ValidationIssues) {
    if !common.sub.isKey(of: .user) { issues.error("Subject must be a user public key") }
    if !LenientKey.isValid(common.aud, as: .server) { issues.error("Audience must be a server public key") }
    switch (error.isEmpty, jwt.isEmpty) {
    case (true, true): issues.error("Error or Jwt is required")
    case (false, false): issues.error("Only Error or Jwt can be set")
    default: break
    }
    if !issuerAccount.isEmpty && !issuerAccount.isKey(of: .account) {
      issues.error("issuer_account is not an account public key")
    }
  }
}
