import ClaimsRegistry
import Testing

@Suite("A time")
struct TimePointTests {
  @Test("is written for every number there is, and read only where it can be written")
  func extremes() {
    for milliseconds in [Int64.min, .min + 1, -1000, -999, -1, 0, 1, 999, .max] {
      #expect(!TimePoint.text(milliseconds: milliseconds).isEmpty)
    }
    #expect(TimePoint.text(milliseconds: -1) == "1969-12-31T23:59:59.999Z")
    #expect(TimePoint.text(milliseconds: -1000) == "1969-12-31T23:59:59.000Z")
    for text in ["1152921504606846976", "9223372036854775807", "-9223372036854775808", "253402300800", "9223372036854775w", "99999999999w"]
    {
      #expect(TimePoint(text, now: 1_795_000_000_000) == nil, "\(text)")
    }
    #expect(TimePoint("253402300799", now: 0)?.milliseconds == 253_402_300_799_000)
    #expect(TimePoint("15m", now: 1_000_000)?.milliseconds == 100_000)
  }
}
