import Dispatch
import NIOPosix
import Synchronization
import Testing

@testable import ClaimsHTTP

@Suite("Judges of pushes") struct PushJudgesTests {
  /// How many run at once.
  private final class Running: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func leave() { counts.withLock { $0.now -= 1 } }
    var most: Int { counts.withLock(\.most) }
  }

  private func withJudges(_ body: (PushJudges, LookupLoad) -> Void) throws {
    let pool = NIOThreadPool(numberOfThreads: 2)
    pool.start()
    let load = LookupLoad()
    body(PushJudges(load: load, pool: pool, threads: 2, interval: .zero), load)
    try pool.syncShutdownGracefully()
  }

  /// Whether two pushes, each of which waits for the other, are both judged.
  private func judgeTwoAtOnce(_ judges: PushJudges) -> Bool {
    let first = DispatchSemaphore(value: 0)
    let second = DispatchSemaphore(value: 0)
    let done = DispatchGroup()
    let met = Atomic<Int>(0)
    for (own, other) in [(first, second), (second, first)] {
      done.enter()
      judges.submit {
        own.signal()
        if other.wait(timeout: .now() + 30) == .success { met.add(1, ordering: .relaxed) }
        done.leave()
      }
    }
    done.wait()
    return met.load(ordering: .relaxed) == 2
  }

  @Test("all threads judge while nobody looks up")
  func allThreads() throws {
    try withJudges { judges, _ in #expect(judgeTwoAtOnce(judges)) }
  }

  @Test("one thread judges while lookups come, every push once and in order, and all threads again afterwards")
  func givesWay() throws {
    try withJudges { judges, load in
      let running = Running()
      let order = Mutex<[Int]>([])
      let gate = DispatchSemaphore(value: 0)
      let done = DispatchGroup()
      for number in 0..<50 {
        done.enter()
        load.note()
        judges.submit {
          running.enter()
          if number == 0 { gate.wait() }
          order.withLock { $0.append(number) }
          running.leave()
          done.leave()
        }
      }
      gate.signal()
      done.wait()
      #expect(running.most == 1)
      #expect(order.withLock { $0 } == Array(0..<50))
      #expect(judgeTwoAtOnce(judges))
    }
  }
}
