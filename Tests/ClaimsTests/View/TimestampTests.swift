import Claims
import Testing

@Suite("Times for people")
struct TimestampTests {
  @Test(
    "are in UTC, before 1970 too, and of any number",
    arguments: [
      (0, "1970-01-01 00:00:00 UTC"), (1_795_000_000, "2026-11-18 11:06:40 UTC"), (-1, "1969-12-31 23:59:59 UTC"),
      (-86_400, "1969-12-31 00:00:00 UTC"), (951_827_696, "2000-02-29 12:34:56 UTC"),
    ] as [(Int64, String)])
  func text(_ seconds: Int64, _ text: String) {
    #expect(Timestamp.text(seconds) == text)
  }

  @Test("have a text at the ends of the numbers", arguments: [Int64.max, .min])
  func extremes(_ seconds: Int64) {
    #expect(Timestamp.text(seconds).hasSuffix(" UTC"))
  }
}
