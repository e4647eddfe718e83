import ClaimsRegistry

extension PlainText {
  /// Text of several lines for a terminal: every line is made fit by itself, line feeds stay.
  static func lines(_ text: String, limit: Int = 2000) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0), limit: limit) }.joined(separator: "\n")
  }
}
