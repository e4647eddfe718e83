import Testing

@testable import ClaimsStore

@Suite("Gathering for a transaction")
struct GatheringTests {
  private func gathering(judging: Int) -> Gathering {
    var gathering = Gathering()
    for _ in 0..<judging { gathering.expect() }
    gathering.begin()
    return gathering
  }

  @Test("nobody who waits alone waits for anybody")
  func alone() {
    #expect(gathering(judging: 0).isEnough(1))
    #expect(!gathering(judging: 0).isEnough(0))
  }

  @Test("ends when as many wait as are still being judged")
  func half() {
    var gathering = gathering(judging: 8)
    for waiting in 1...3 {
      gathering.judged()
      #expect(!gathering.isEnough(waiting))
    }
    gathering.judged()
    #expect(gathering.isEnough(4))
  }

  @Test("ends when those that were judged do not come")
  func refusals() {
    var gathering = gathering(judging: 3)
    gathering.judged()
    #expect(!gathering.isEnough(1))
    gathering.judged()
    #expect(gathering.isEnough(1))
  }

  @Test("ends after 64 judgements, however many follow")
  func bounded() {
    var gathering = gathering(judging: 1000)
    for _ in 0..<63 { gathering.judged() }
    #expect(!gathering.isEnough(1))
    gathering.judged()
    #expect(gathering.isEnough(1))
    for _ in 0..<64 {
      gathering.expect()
      gathering.judged()
    }
    #expect(gathering.isEnough(1))
    gathering.begin()
    #expect(!gathering.isEnough(1))
  }
}
