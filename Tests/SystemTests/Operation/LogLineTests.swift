import Glibc
import Logging
import Testing

@testable import nats_claims

@Suite("A line of the log")
struct LogLineTests {
  private func text(of facts: [(name: String, value: String)]) -> String {
    var style = LogStyle()
    style.showsTime = false
    return LogLine(style: style, time: timespec(), level: .info, message: "claims accepted", facts: facts).text
  }

  @Test("values with blanks stand in quotes, others as they are")
  func quotes() {
    #expect(
      text(of: [("actor", "http 127.0.0.1"), ("empty", ""), ("iat", "12"), ("path", #"a\b"#)])
        == "[INF] claims accepted actor=\"http 127.0.0.1\" empty=\"\" iat=12 path=a\\b\n")
  }

  @Test("within quotes a quote and a backslash are escaped")
  func escapes() {
    #expect(text(of: [("jti", #"say "no" \ yes"#)]) == #"[INF] claims accepted jti="say \"no\" \\ yes""# + "\n")
    #expect(text(of: [("jti", "x\"\u{301} result=forged")]) == "[INF] claims accepted jti=\"x\\\"\u{301} result=forged\"\n")
    #expect(text(of: [("jti", #"""#)]) == #"[INF] claims accepted jti="\"""# + "\n")
  }

  @Test(
    "no value begins a line or steers a terminal",
    arguments: [
      ("a\nb", #""a\nb""#), ("\u{1B}[31m", #""\u{1B}[31m""#), ("\u{9B}31m", #"\u{009B}31m"#), ("é\u{85}", #"é\u{0085}"#),
    ])
  func controls(value: String, shown: String) {
    #expect(text(of: [("jti", value)]) == "[INF] claims accepted jti=\(shown)\n")
  }
}
