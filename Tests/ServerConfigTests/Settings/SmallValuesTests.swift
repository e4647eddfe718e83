import Testing

@testable import ServerConfig

@Suite("Small values of the configuration") struct SmallValuesTests {
  @Test(
    "durations",
    arguments: [("5s", 5000), ("500ms", 500), ("1m30s", 90_000), ("1.5h", 5_400_000), ("2d", 172_800_000), ("1000us", 1), ("0s", 0)])
  func durations(_ text: String, _ milliseconds: Int) {
    #expect(DurationText.duration(text) == .milliseconds(milliseconds))
  }

  @Test("no durations", arguments: ["", "5", "s", "5x", "-5s", "5 s", "1..5s", "99999999999s", "5s5"])
  func noDurations(_ text: String) {
    #expect(DurationText.duration(text) == nil)
  }

  @Test(
    "durations as text",
    arguments: [(5000, "5s"), (90_000, "90s"), (120_000, "2m"), (7_200_000, "2h"), (1500, "1500ms"), (0, "0ms"), (250, "250ms")])
  func durationTexts(_ milliseconds: Int, _ text: String) {
    #expect(DurationText.text(.milliseconds(milliseconds)) == text)
  }

  @Test(
    "the nearest name, if it is near",
    arguments: [("prot", "port"), ("hots", "host"), ("Port", "port"), ("writetimeout", nil), ("", nil), ("xyz", nil)])
  func nearest(_ written: String, _ name: String?) {
    #expect(NearestName.of(written, among: ["port", "host", "readtime"]) == name)
  }

  @Test(
    "distances",
    arguments: [("", "abc", 3), ("abc", "abc", 0), ("abcd", "abdc", 1), ("abc", "axc", 1), ("abc", "ab", 1), ("kitten", "sitting", 3)])
  func distances(_ first: String, _ second: String, _ distance: Int) {
    #expect(NearestName.distance(first, second) == distance)
    #expect(NearestName.distance(second, first) == distance)
  }
}
