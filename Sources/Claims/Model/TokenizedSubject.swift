/// A subject split into its tokens once, for comparing it with many others.
struct TokenizedSubject {
  let subject: Subject
  private let tokens: [ArraySlice<UInt8>]

  init(_ subject: Subject) {
    self.subject = subject
    tokens = Array(subject.text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  }

  /// Whether any token is a wildcard; a subject without one contains only itself.
  var hasWildcardToken: Bool {
    tokens.contains { Self.isSame($0, UInt8(ascii: "*")) || Self.isSame($0, UInt8(ascii: ">")) }
  }

  /// Whether every subject that matches this one matches the other one too.
  func isContained(in other: TokenizedSubject) -> Bool {
    guard tokens.count >= other.tokens.count, let last = other.tokens.last else { return false }
    let hasRest = Self.isSame(last, UInt8(ascii: ">"))
    guard tokens.count == other.tokens.count || hasRest else { return false }
    let compared = hasRest ? other.tokens.count - 1 : other.tokens.count
    for index in 0..<compared where !other.tokens[index].elementsEqual(tokens[index]) {
      guard Self.isSame(other.tokens[index], UInt8(ascii: "*")) else { return false }
    }
    return true
  }

  private static func isSame(_ token: ArraySlice<UInt8>, _ wildcard: UInt8) -> Bool {
    token.count == 1 && token.first == wildcard
  }
}
