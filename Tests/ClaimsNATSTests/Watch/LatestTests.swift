import Synchronization
import Testing

@testable import ClaimsNATS

@Suite("The newest of several values")
struct LatestTests {
  @Test("is taken once, in the place of those before it, and told of when there was nothing to take")
  func newest() {
    let calls = Mutex(0)
    let latest = Latest<Int>()
    latest.put(1)
    latest.notify { calls.withLock { $0 += 1 } }
    latest.put(2)
    latest.put(3)
    #expect(calls.withLock { $0 } == 1)
    #expect(latest.take() == 3)
    #expect(latest.take() == nil)
    latest.put(4)
    #expect(calls.withLock { $0 } == 2)
    #expect(latest.take() == 4)
  }
}
