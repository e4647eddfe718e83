import Nkeys

extension AccountClaims {
  func validate(_ issues: inout ValidationIssues) {
    validateImports(&issues)
    validateExports(&issues)
    limits.validate(&issues)
    defaultPermissions.validate(&issues)
    for (source, destinations) in mappings { WeightedMapping.validate(destinations ?? [], of: Subject(source), &issues) }
    authorization.validate(&issues)
    trace?.validate(&issues)
    validateCounts(&issues)
    validateSigningKeys(&issues)
    InformationRules.validate(description: description, url: infoURL, &issues)
    if !["", ClusterTraffic.system.rawValue, ClusterTraffic.owner.rawValue].contains(clusterTraffic.rawValue) {
      issues.error("unknown cluster traffic option: \(GoText.quoted(clusterTraffic.rawValue))")
    }
    if common.iss.isKey(of: .account) && !limits.isEmpty {
      issues.warning("self-signed account JWTs shouldn't contain operator limits")
    }
  }

  /// The reference checks the number of imports twice, each time with another idea of what is no limit.
  private func validateCounts(_ issues: inout ValidationIssues) {
    let tooManyImports = "the account contains more imports than allowed by the operator"
    if !limits.isEmpty, limits.imports.value >= 0, Int64(imports.count) > limits.imports.value { issues.error(tooManyImports) }
    if !limits.imports.allows(Int64(imports.count)) { issues.error(tooManyImports) }
    guard !limits.exports.isUnlimited else { return }
    if !limits.exports.allows(Int64(exports.count)) {
      issues.error("the account contains more exports than allowed by the operator")
    }
    guard !limits.wildcards else { return }
    for export in exports where export?.subject.hasWildcards ?? false {
      issues.error("the account contains wildcard exports that are not allowed by the operator")
    }
  }

  private func validateSigningKeys(_ issues: inout ValidationIssues) {
    for (key, entry) in signingKeys.entries where !LenientKey.isValid(key, as: .account) {
      switch entry {
      case .plain: issues.error("\(GoText.quoted(key)) is not a valid account signing key")
      case .scoped: issues.error("\(key) is not an account public key")
      }
    }
  }
}

extension AccountLimits {
  func validate(_ issues: inout ValidationIssues) {
    guard !tiers.isEmpty else { return }
    if !jetStream.isZero { issues.error("JetStream Limits and tiered JetStream Limits are mutually exclusive") }
    if tiers[""] != nil { issues.error("Tiered JetStream Limits can not contain a blank \"\" tier name") }
  }
}

/// The rules for texts that tell people about an account or an export.
enum InformationRules {
  /// The longest description or URL, in bytes.
  static let maximumLength = 8192

  static func validate(description: String, url: String, _ issues: inout ValidationIssues) {
    if description.utf8.count > maximumLength { issues.error("Description is too long") }
    guard !url.isEmpty else { return }
    if url.utf8.count > maximumLength { issues.error("Info URL is too long") }
    switch ReferenceURL.parse(url) {
    case .failure(let error): issues.error("error parsing info url: \(error.message)")
    case .success(let parsed):
      if parsed.hostName.isEmpty || parsed.scheme.isEmpty { issues.error("error parsing info url: no hostname or scheme") }
    }
  }
}
