extension Permissions {
  /// Lists for subscribing come first, and only there may a queue follow the subject.
  func validate(_ issues: inout ValidationIssues) {
    for entry in (sub.allow ?? []) + (sub.deny ?? []) { Self.validate(entry, mayNameQueue: true, &issues) }
    for entry in (pub.allow ?? []) + (pub.deny ?? []) { Self.validate(entry, mayNameQueue: false, &issues) }
  }

  private static func validate(_ entry: Subject, mayNameQueue: Bool, _ issues: inout ValidationIssues) {
    let text = entry.text
    let parts = text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { Subject(String($0)) }
    guard parts.count <= 2 else {
      issues.error("Permission Subject \"\(text)\" contains too many spaces")
      return
    }
    for part in parts { issues.errors(part.issues) }
    if parts.count == 2 && !mayNameQueue {
      issues.error("Permission Subject \"\(text)\" is not allowed to contain queue")
    }
  }
}
