import Nkeys

extension WeightedMapping {
  static func validate(_ destinations: [WeightedMapping], of source: Subject, _ issues: inout ValidationIssues) {
    let name = GoText.quoted(source.text)
    issues.errors(source.issues)
    var total = 0
    var byCluster: ClaimsMap<Int> = [:]
    for destination in destinations {
      issues.errors(destination.subject.issues)
      let weight = destination.effectiveWeight
      if weight > 100 { issues.error("Mapping \(name) has a weight \(weight) that exceeds 100") }
      if destination.cluster.isEmpty {
        total += weight
      } else {
        let sum = (byCluster[destination.cluster] ?? 0) + weight
        byCluster[destination.cluster] = sum
        if sum > 100 {
          issues.error(
            "Mapping \(name) in cluster \(GoText.quoted(destination.cluster)) exceeds 100% among all of it's weighted to mappings")
        }
      }
    }
    if total > 100 { issues.error("Mapping \(name) exceeds 100% among all of it's weighted to mappings") }
  }
}

extension ExternalAuthorization {
  /// Stands for all accounts.
  private static let anyAccount: KeyReference = "*"

  func validate(_ issues: inout ValidationIssues) {
    if !allowedAccounts.isEmpty && authUsers.isEmpty {
      issues.error("External authorization cannot have accounts without users specified")
    }
    for user in authUsers where !user.isKey(of: .user) {
      issues.error("AuthUser \(GoText.quoted(user.text)) is not a valid user public key")
    }
    for account in allowedAccounts {
      if account == Self.anyAccount {
        if allowedAccounts.count > 1 { issues.error("AllowedAccounts can only be a list of accounts or \"*\"") }
      } else if !account.isKey(of: .account) {
        issues.error("Account \(GoText.quoted(account.text)) is not a valid account public key")
      }
    }
    if !xkey.isEmpty && !xkey.isKey(of: .curve) {
      issues.error("XKey \(GoText.quoted(xkey.text)) is not a valid public xkey")
    }
  }
}

extension MessageTrace {
  func validate(_ issues: inout ValidationIssues) {
    if let issue = destination.issues.first { issues.error("the account Trace.Destination \(issue)") }
    if destination.hasWildcards {
      issues.error("the account Trace.Destination subject \(GoText.quoted(destination.text)) is not a valid publish subject")
    }
    if !(0...100).contains(sampling) {
      issues.error("the account Trace.Sampling value '\(sampling)' is not valid, should be in the range [1..100]")
    }
  }
}
