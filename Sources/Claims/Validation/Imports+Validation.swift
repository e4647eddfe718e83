import Nkeys

extension AccountClaims {
  func validateImports(_ issues: inout ValidationIssues) {
    var namespaces: [KeyReference: [TokenizedSubject]] = [:]
    for entry in imports {
      guard let entry else {
        issues.error("null import is not allowed")
        continue
      }
      if entry.type == .service {
        entry.validateNamespace(among: &namespaces[entry.account, default: []], &issues)
      }
      entry.validate(into: common.sub, &issues)
    }
  }
}

extension Import {
  /// Services of one account must not overlap under their local names.
  fileprivate func validateNamespace(among known: inout [TokenizedSubject], _ issues: inout ValidationIssues) {
    let local = TokenizedSubject(to.isEmpty ? (localSubject.isEmpty ? subject : localSubject.withoutReferences) : to)
    let name = GoText.quoted(local.subject.text)
    for other in known where local.isContained(in: other) || other.isContained(in: local) {
      issues.error(
        "overlapping subject namespace for \(name) and \(GoText.quoted(other.subject.text)) "
          + "in same account \(GoText.quoted(account.text))")
    }
    if known.contains(where: { $0.subject == local.subject }) {
      issues.error("overlapping subject namespace for \(name) in account \(GoText.quoted(account.text))")
    } else {
      known.append(local)
    }
  }

  fileprivate func validate(into importer: KeyReference, _ issues: inout ValidationIssues) {
    switch type {
    case .unknown: issues.error("invalid import type: \"unknown\"")
    case .service:
      if allowTrace { issues.error("AllowTrace only valid for stream import") }
    case .stream: break
    }
    if account.isEmpty { issues.error("account to import from is not specified") }
    if !to.isEmpty { issues.warning("the field to has been deprecated (use LocalSubject instead)") }
    issues.errors(subject.issues)
    if !localSubject.isEmpty {
      issues.errors(localSubject.renamingIssues(of: subject))
      if !to.isEmpty { issues.error("Local Subject replaces To") }
    }
    if share && type != .service {
      issues.error(
        "sharing information (for latency tracking) is only valid for services: \(GoText.quoted(subject.text))")
    }
    if !token.isEmpty { validateToken(for: importer, &issues) }
  }

  /// The activation must come from the exporter, be for the importer, and permit what is imported. Its times are not asked.
  private func validateToken(for importer: KeyReference, _ issues: inout ValidationIssues) {
    let name = GoText.quoted(subject.text)
    guard let activation = decodedActivation else {
      issues.error("import \(name) contains an invalid activation token")
      return
    }
    if activation.common.iss != account && activation.issuerAccount != account {
      issues.error("activation token doesn't match account for import \(name)")
    }
    if activation.common.sub != importer {
      issues.error("activation token doesn't match account it is being included in, \(name)")
    }
    if activation.kind != type {
      issues.error("mismatch between token import type \(activation.kind.rawValue) and type of import \(type.rawValue)")
    }
    activation.validate(&issues)
    let wanted = type == .service && !to.isEmpty ? to : subject
    if !wanted.isContained(in: activation.subject) {
      issues.error(
        "activation token import subject \(GoText.quoted(activation.subject.text)) doesn't match import \(GoText.quoted(wanted.text))")
    }
  }

  /// The activation in `token`; nil when there is none that verifies. A URL is not fetched.
  public var decodedActivation: ActivationClaims? {
    do throws(ClaimsError) {
      return try VerifiedClaims.decode(Token(token), as: .activation).activation
    } catch {
      return nil
    }
  }
}
