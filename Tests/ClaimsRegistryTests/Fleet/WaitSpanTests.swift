import ClaimsRegistry
import Testing

@Suite("How long to wait for the nats-servers")
struct WaitSpanTests {
  @Test(
    "is read in seconds and milliseconds",
    arguments: [("2s", 2000), ("500ms", 500), ("3", 3000), ("0", 0), ("60s", 60_000), ("60000ms", 60_000)])
  func read(_ text: String, _ milliseconds: Int64) {
    #expect(WaitSpan(text)?.milliseconds == milliseconds)
  }

  @Test("is nothing else", arguments: ["", "s", "-1s", "61s", "60001ms", "1m", "1.5s", "2 s", "99999999999999999999s", "٣s"])
  func refused(_ text: String) {
    #expect(WaitSpan(text) == nil)
  }
}
