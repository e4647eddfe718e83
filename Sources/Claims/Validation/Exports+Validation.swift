extension AccountClaims {
  func validateExports(_ issues: inout ValidationIssues) {
    var services: [Subject] = []
    var streams: [Subject] = []
    for entry in exports {
      guard let entry else {
        issues.error("null export is not allowed")
        continue
      }
      if entry.type == .service { services.append(entry.subject) } else { streams.append(entry.subject) }
      entry.validate(&issues)
    }
    Self.validateNamespace(services, "service", &issues)
    Self.validateNamespace(streams, "stream", &issues)
  }

  /// One issue for each subject that contains another entry's, with the first one that it contains.
  private static func validateNamespace(_ subjects: [Subject], _ kind: String, _ issues: inout ValidationIssues) {
    guard subjects.count > 1 else { return }
    var places: [Subject: Int] = [:]
    for subject in subjects { places[subject, default: 0] += 1 }
    guard places.count < subjects.count || subjects.contains(where: \.mayHaveWildcards) else { return }
    let tokenized = subjects.map(TokenizedSubject.init)
    var seen = Set<Subject>()
    for (index, container) in tokenized.enumerated() where seen.insert(container.subject).inserted {
      var contained: Subject?
      if container.hasWildcardToken {
        contained = tokenized.indices.first { $0 != index && tokenized[$0].isContained(in: container) }.map { subjects[$0] }
      } else if places[container.subject, default: 0] > 1 {
        contained = container.subject
      }
      guard let contained else { continue }
      issues.error(
        "\(kind) export subject \(GoText.quoted(container.subject.text)) already exports \(GoText.quoted(contained.text))")
    }
  }
}

extension Subject {
  /// Whether there is a wildcard's character anywhere; mostly there is none, and that is known faster than the rest.
  fileprivate var mayHaveWildcards: Bool { text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: ">") } }
}

extension Export {
  fileprivate func validate(_ issues: inout ValidationIssues) {
    validateType(&issues)
    serviceLatency?.validate(for: type, &issues)
    if responseThreshold.nanoseconds < 0 { issues.error("negative response threshold is invalid") }
    if responseThreshold.nanoseconds > 0 && type != .service { issues.error("response threshold only valid for services") }
    issues.errors(subject.issues)
    validateTokenPosition(&issues)
    InformationRules.validate(description: description, url: infoURL, &issues)
  }

  private func validateType(_ issues: inout ValidationIssues) {
    switch type {
    case .unknown: issues.error("invalid export type: \"unknown\"")
    case .service:
      if !["", "Singleton", "Stream", "Chunked"].contains(responseType.rawValue) {
        issues.error("invalid response type for service: \(GoText.quoted(responseType.rawValue))")
      }
    case .stream:
      if !responseType.rawValue.isEmpty {
        issues.error("invalid response type for stream: \(GoText.quoted(responseType.rawValue))")
      }
      if allowTrace { issues.error("AllowTrace only valid for service export") }
    }
  }

  private func validateTokenPosition(_ issues: inout ValidationIssues) {
    guard accountTokenPosition > 0 else { return }
    let tokens = subject.tokens
    if !subject.hasWildcards {
      issues.error("Account Token Position can only be used with wildcard subjects: \(subject)")
    } else if accountTokenPosition > UInt(tokens.count) {
      issues.error("Account Token Position \(accountTokenPosition) exceeds length of subject '\(subject)'")
    } else {
      let token = tokens[Int(accountTokenPosition) - 1]
      if !token.utf8.elementsEqual("*".utf8) {
        issues.error("Account Token Position \(accountTokenPosition) matches '\(token)' but must match a * in: \(subject)")
      }
    }
  }
}

extension ServiceLatency {
  fileprivate func validate(for type: ExportKind, _ issues: inout ValidationIssues) {
    if type != .service { issues.error("latency tracking only permitted for services") }
    if sampling != .headers && !(1...100).contains(sampling.value) {
      issues.error("sampling percentage needs to be between 1-100")
    }
    issues.errors(results.issues)
    if results.hasWildcards { issues.error("results subject can not contain wildcards") }
  }
}
