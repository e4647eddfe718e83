import Testing

@testable import ClaimsStore

@Suite("How long files give way to pushes")
struct CourtesyTests {
  private let start = ContinuousClock.now

  /// The pause after work of 10 ms, when so many changes came in the second before.
  private func pause(after taken: Duration = .milliseconds(10), changesPerSecond: Int64) -> Duration {
    var courtesy = Courtesy()
    _ = courtesy.pause(after: taken, at: start, last: 7)
    return courtesy.pause(after: taken, at: start + .seconds(1), last: 7 + changesPerSecond)
  }

  @Test("not at all while pushes come slowly, or none came")
  func slow() {
    #expect(pause(changesPerSecond: 0) == .zero)
    #expect(pause(changesPerSecond: 1_000) == .zero)
  }

  @Test("the longer the faster they come, at most 49 times as long as the work took, and at most two seconds")
  func fast() {
    #expect(pause(changesPerSecond: 2_000) == .milliseconds(180))
    #expect(pause(changesPerSecond: 5_000) == .milliseconds(450))
    #expect(pause(changesPerSecond: 100_000) == .milliseconds(490))
    #expect(pause(after: .seconds(1), changesPerSecond: 8_000) == .seconds(2))
    #expect(pause(after: .zero, changesPerSecond: 8_000) == .zero)
  }

  @Test("a group of changes is no rush: they are counted over a tenth of a second at least, pauses included")
  func groups() {
    var courtesy = Courtesy()
    // 500 a second, 16 together.
    for millisecond in stride(from: Int64(0), to: 3_000, by: 5) {
      let last = millisecond / 32 * 16
      #expect(courtesy.pause(after: .milliseconds(5), at: start + .milliseconds(millisecond), last: last) == .zero)
    }
  }

  @Test("a rush that is over is noticed at the next look that comes a tenth of a second later")
  func over() {
    var courtesy = Courtesy()
    _ = courtesy.pause(after: .milliseconds(10), at: start, last: 0)
    #expect(courtesy.pause(after: .milliseconds(10), at: start + .milliseconds(200), last: 2_000) > .zero)
    #expect(courtesy.pause(after: .milliseconds(10), at: start + .milliseconds(250), last: 2_000) > .zero)
    #expect(courtesy.pause(after: .milliseconds(10), at: start + .milliseconds(400), last: 2_000) == .zero)
  }
}
