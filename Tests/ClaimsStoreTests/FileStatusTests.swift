import Testing

@testable import ClaimsStore

@Suite("What lies at a path")
struct FileStatusTests {
  @Test(
    "has a time in milliseconds, however far away it is dated",
    arguments: [
      (1, 999_999_999, 1999), (-1, 500_000_000, -500), (Int64.max, 0, .max), (Int64.max / 1000, 999_999_999, .max), (Int64.min, 0, .min),
      (99_999_999_999_999_999, 0, Int64.max),
    ] as [(Int64, Int64, Int64)])
  func time(seconds: Int64, nanoseconds: Int64, milliseconds: Int64) {
    #expect(FileStatus.milliseconds(seconds, nanoseconds: nanoseconds) == milliseconds)
  }
}
