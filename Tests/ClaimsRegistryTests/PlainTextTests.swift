import ClaimsRegistry
import Testing

@Suite("Text from anyone")
struct PlainTextTests {
  @Test(
    "stays on one line and shows no tricks",
    arguments: [
      ("plain ä 日本", "plain ä 日本"), ("a\nb\r\nc\td", "a b  c d"), ("\u{1B}[31m", " [31m"),
      ("\u{202E}x\u{2028}", " x "), ("", ""),
    ])
  func line(_ text: String, _ line: String) {
    #expect(PlainText.line(text) == line)
  }

  @Test("is cut, and says so")
  func cut() {
    #expect(PlainText.line(String(repeating: "a", count: 11), limit: 10) == "aaaaaaaaaa…")
    #expect(PlainText.line(String(repeating: "a", count: 10), limit: 10) == "aaaaaaaaaa")
  }
}
