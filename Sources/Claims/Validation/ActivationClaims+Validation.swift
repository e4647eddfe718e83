import Nkeys

extension ActivationClaims {
  func validate(_ issues: inout ValidationIssues) {
    if kind == .unknown { issues.error("invalid import type: \"unknown\"") }
    issues.errors(subject.issues)
    if !issuerAccount.isEmpty && !issuerAccount.isKey(of: .account) {
      issues.error("account_id is not an account public key")
    }
  }
}
