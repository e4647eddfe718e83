import Testing

@testable import ClaimsStore

@Suite("Gathering for a transaction")
struct GatheringTests {
  private let start = ContinuousClock.now

  private func gathering(expecting count: Int) -> Gathering {
    var gathering = Gathering()
    for _ in 0..<count { gathering.expect() }
    gathering.begin(start)
    return gathering
  }

  @Test("nobody who waits alone waits for anybody")
  func alone() {
    #expect(gathering(expecting: 0).isEnough(1, start))
    #expect(!gathering(expecting: 0).isEnough(0, start))
  }

  @Test("ends when as many wait as are on their way")
  func half() {
    var gathering = gathering(expecting: 8)
    for waiting in 1...3 {
      gathering.arrived()
      #expect(!gathering.isEnough(waiting, start))
    }
    gathering.arrived()
    #expect(gathering.isEnough(4, start))
  }

  @Test("ends when those that were on their way do not come")
  func refusals() {
    var gathering = gathering(expecting: 3)
    gathering.arrived()
    #expect(!gathering.isEnough(1, start))
    gathering.arrived()
    #expect(gathering.isEnough(1, start))
  }

  @Test("ends after five milliseconds, however many are on their way, and begins anew")
  func bounded() {
    var gathering = gathering(expecting: 1000)
    let end = start + .milliseconds(5)
    #expect(!gathering.isEnough(1, end - .microseconds(1)))
    #expect(gathering.isEnough(1, end))
    #expect(!gathering.isEnough(0, end))
    gathering.begin(end)
    #expect(!gathering.isEnough(1, end))
  }

  @Test("ends when somebody comes whom nobody expected")
  func unexpected() {
    var gathering = gathering(expecting: 1000)
    gathering.end()
    #expect(gathering.isEnough(1, .now))
  }
}
