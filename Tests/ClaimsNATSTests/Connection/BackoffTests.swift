import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("Pauses between attempts")
struct BackoffTests {
  @Test("pauses stay within their range, and their bound doubles")
  func bounds() {
    var random = SeededGenerator()
    var backoff = Backoff(.milliseconds(250) ... .seconds(8))
    for failure in 1...200 {
      let pause = backoff.next(using: &random)
      #expect(pause >= .milliseconds(250))
      #expect(pause <= min(.seconds(8), .milliseconds(250) * (1 << min(failure, 10))))
    }
  }

  @Test("pauses differ from one another")
  func jitter() {
    var random = SeededGenerator()
    var backoff = Backoff(.milliseconds(250) ... .seconds(8))
    let pauses = (0..<50).map { _ in backoff.next(using: &random) }
    #expect(Set(pauses).count == 50)
    #expect(pauses.contains { $0 > .seconds(4) })
  }

  @Test("after a reset the pauses are short again")
  func reset() {
    var random = SeededGenerator()
    var backoff = Backoff(.milliseconds(250) ... .seconds(8))
    for _ in 0..<10 { _ = backoff.next(using: &random) }
    backoff.reset()
    #expect(backoff.next(using: &random) <= .milliseconds(500))
  }

  @Test("a range of one length gives that length")
  func single() {
    var random = SeededGenerator()
    var backoff = Backoff(.seconds(1) ... .seconds(1))
    #expect(backoff.next(using: &random) == .seconds(1))
  }
}
