extension Subject {
  /// What is wrong with the text of a subject.
  public var issues: [String] {
    guard !isEmpty else { return ["subject cannot be empty"] }
    let dot = UInt8(ascii: ".")
    var (hasBlank, hasOuterDot, hasDoubleDot) = (false, text.utf8.first == dot, false)
    var isBehindDot = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: " ") { hasBlank = true }
      if byte == dot, isBehindDot { hasDoubleDot = true }
      isBehindDot = byte == dot
    }
    if isBehindDot { hasOuterDot = true }
    var issues: [String] = []
    if hasBlank { issues.append("subject \(GoText.quoted(text)) cannot have spaces") }
    if hasOuterDot { issues.append("subject \(GoText.quoted(text)) cannot start or end with a `.`") }
    if hasDoubleDot { issues.append("subject \(GoText.quoted(text)) cannot contain consecutive `.`") }
    return issues
  }

  /// What is wrong with this as the local name of an imported subject, whose wildcards it repeats as `*` or refers to as `$n`.
  public func renamingIssues(of imported: Subject) -> [String] {
    var issues = self.issues
    if imported.isEmpty { issues.append("subject cannot be empty") }
    if hasBlank { issues.append("subject \(GoText.quoted(text)) cannot have spaces") }
    if endsInRest != imported.endsInRest {
      issues.append("both, renaming subject and subject, need to end or not end in >")
    }
    let wildcards = imported.tokens.count { Self.isWildcard($0) }
    var matched = 0
    for token in tokens {
      if Self.isWildcard(token) { matched += 1 }
      guard let reference = Self.reference(token) else { continue }
      if reference > wildcards {
        issues.append(
          "Reference $\(reference) in \(GoText.quoted(text)) reference * in \(GoText.quoted(imported.text)) that do not exist")
      } else {
        matched += 1
      }
    }
    if matched != wildcards { issues.append("subject does not contain enough * or reference wildcards $[0-9]") }
    return issues
  }

  /// The subject with each `$n` read as `*`.
  public var withoutReferences: Subject {
    Subject(tokens.map { Self.reference($0) == nil ? String($0) : "*" }.joined(separator: "."))
  }

  private var hasBlank: Bool { text.utf8.contains(UInt8(ascii: " ")) }

  /// Whether the last token is `>`.
  private var endsInRest: Bool { tokens.last?.utf8.elementsEqual(">".utf8) ?? false }

  private static func isWildcard(_ token: Substring) -> Bool { token.utf8.elementsEqual("*".utf8) }

  /// The number of a token of the form `$n`; a sign is allowed.
  private static func reference(_ token: Substring) -> Int? {
    guard token.utf8.first == UInt8(ascii: "$") else { return nil }
    return Int(Substring(token.unicodeScalars.dropFirst()))
  }
}
