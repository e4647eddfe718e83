import Dispatch
import Glibc
import Synchronization
import Testing

@testable import ClaimsHTTP

@Suite("Judges of pushes") struct PushJudgesTests {
  /// Whether judges give way, as a test says it.
  private final class Switch: Sendable {
    private let value: Atomic<Bool>

    init(_ value: Bool) { self.value = Atomic(value) }

    var isOn: Bool { value.load(ordering: .relaxed) }
    func turnOff() { value.store(false, ordering: .relaxed) }
  }

  /// Runs a body that waits, away from the threads that tests share.
  private func withJudges(_ givesWay: Switch, _ body: @escaping @Sendable (PushJudges) -> Void) async {
    let judges = PushJudges(threads: 2) { givesWay.isOn }
    await withCheckedContinuation { done in
      DispatchQueue(label: "judges").async {
        body(judges)
        done.resume()
      }
    }
  }

  /// Whether two pushes, each of which waits until the other is judged too, come to an end.
  private static func judgesTwoAtOnce(_ judges: PushJudges) -> Bool {
    let gates = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
    let done = DispatchGroup()
    let met = Mutex(0)
    for (own, other) in [(0, 1), (1, 0)] {
      done.enter()
      judges.submit {
        gates[own].signal()
        if gates[other].wait(timeout: .now() + 60) == .success { met.withLock { $0 += 1 } }
        done.leave()
      }
    }
    done.wait()
    return met.withLock { $0 } == 2
  }

  @Test("all threads judge while nobody looks up")
  func allThreads() async {
    await withJudges(Switch(false)) { judges in #expect(Self.judgesTwoAtOnce(judges)) }
  }

  @Test("one thread judges while lookups come, every push once and in order, and all threads again afterwards")
  func givesWay() async {
    let givesWay = Switch(true)
    await withJudges(givesWay) { judges in
      let order = Mutex<[Int]>([])
      let running = Mutex((now: 0, most: 0))
      let gate = DispatchSemaphore(value: 0)
      let done = DispatchGroup()
      for number in 0..<50 {
        done.enter()
        judges.submit {
          running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
          if number == 0 { gate.wait() }
          order.withLock { $0.append(number) }
          running.withLock { $0.now -= 1 }
          done.leave()
        }
      }
      gate.signal()
      done.wait()
      #expect(running.withLock(\.most) == 1)
      #expect(order.withLock { $0 } == Array(0..<50))
      givesWay.turnOff()
      #expect(Self.judgesTwoAtOnce(judges))
    }
  }

  @Test("judges give way to the threads that everybody waits for")
  func niceness() async {
    await withJudges(Switch(false)) { judges in
      let judged = DispatchSemaphore(value: 0)
      let niceness = Mutex<Int32?>(nil)
      judges.submit {
        niceness.withLock { $0 = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        judged.signal()
      }
      judged.wait()
      let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
      #expect(niceness.withLock { $0 } == min(19, own + 10))
    }
  }

  @Test("a lookup is one of now until the interval after it ends")
  func load() {
    let load = LookupLoad(interval: .zero)
    #expect(!load.isBusy)
    load.note()
    load.note()
    #expect(load.isBusy)
    #expect(!load.isBusy)
    let slow = LookupLoad(interval: .seconds(3600))
    #expect(!slow.isBusy)
    slow.note()
    #expect(!slow.isBusy)
  }
}
