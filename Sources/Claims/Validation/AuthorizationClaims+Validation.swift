import Nkeys

extension AuthorizationRequestClaims {
  func validate(_ issues: inout ValidationIssues) {
    if userKey.isEmpty {
      issues.error("User nkey is required")
    } else if !LenientKey.isValid(userKey, as: .user) {
      issues.error("User nkey \(GoText.quoted(userKey)) is not a valid user public key")
    }
  }
}

extension AuthorizationResponseClaims {
  func validate(_ issues: inout ValidationIssues) {
    if !LenientKey.isValid(common.sub, as: .user) { issues.error("Subject must be a user public key") }
    if !LenientKey.isValid(common.aud, as: .server) { issues.error("Audience must be a server public key") }
    switch (error.isEmpty, jwt.isEmpty) {
    case (true, true): issues.error("Error or Jwt is required")
    case (false, false): issues.error("Only Error or Jwt can be set")
    default: break
    }
    if !issuerAccount.isEmpty && !LenientKey.isValid(issuerAccount, as: .account) {
      issues.error("issuer_account is not an account public key")
    }
  }
}
