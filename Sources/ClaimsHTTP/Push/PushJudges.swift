import ClaimsStore
import Glibc
import NIOCore
import Synchronization

/// The threads that judge pushes: as many as there are cores while nobody looks up.
///
/// They give way to the threads that have less to do and that everybody waits for: those of the connections and that of the transactions. Else a
/// transaction that is synced would wait for a core until everything is judged, and the cores would idle while the next one syncs.
///
/// Lookups go first. While they come, one thread judges, and after each push it rests a few times as long as that took: threads that judge at full
/// speed make the slowest lookups wait for the scheduler, whatever the threads' priority.
final class PushJudges: Sendable {
  typealias Work = @Sendable () -> Void

  /// How many times as long as judging the rest after it is.
  private static let rest = 4
  /// No rest is longer, however long a push took.
  private static let longestRest = Duration.milliseconds(2)

  /// How much the threads give way, as `nice` counts: they get a tenth of a core that others want. At 5 fewer pushes are done in a second.
  private static let niceness: Int32 = 10

  private struct State {
    var waiting = CircularBuffer<Work>()
    var judging = 0
    /// The threads that rest, the last one that judged last.
    var idle: [WorkerThread] = []
  }

  /// Whether lookups come, which the judges give way to.
  let givesWay: @Sendable () -> Bool
  private let threads: Int
  private let state = Mutex(State())

  /// Creates judges on at most so many threads, which give way to lookups while `givesWay` says so.
  init(threads: Int = System.coreCount, givesWay: @escaping @Sendable () -> Bool) {
    self.threads = threads
    self.givesWay = givesWay
  }

  /// Runs `work` when a thread is free, in the order of the calls.
  func submit(_ work: @escaping Work) {
    let limit = givesWay() ? 1 : threads
    let (starts, idle) = state.withLock { state in
      state.waiting.append(work)
      guard state.judging < limit else { return (false, nil as WorkerThread?) }
      state.judging += 1
      return (true, state.idle.popLast())
    }
    guard starts else { return }
    let thread = idle ?? WorkerThread(name: "judge", niceness: Self.niceness)
    thread.run { self.judge(on: thread) }
  }

  /// Judges until nothing waits, or until this thread is one too many.
  private func judge(on thread: WorkerThread) {
    while true {
      let givesWay = givesWay()
      let start = ContinuousClock.now
      guard judgeNext(on: thread, limit: givesWay ? 1 : threads) else { return }
      if givesWay { sleep(min((ContinuousClock.now - start) * Self.rest, Self.longestRest)) }
    }
  }

  /// What a push holds is let go before the rest.
  private func judgeNext(on thread: WorkerThread, limit: Int) -> Bool {
    guard let work = state.withLock({ state in Self.next(&state, limit: limit, thread) }) else { return false }
    work()
    return true
  }

  private static func next(_ state: inout State, limit: Int, _ thread: WorkerThread) -> Work? {
    guard state.judging <= limit, let work = state.waiting.popFirst() else {
      state.judging -= 1
      state.idle.append(thread)
      return nil
    }
    return work
  }

  private func sleep(_ duration: Duration) {
    usleep(UInt32(clamping: Int64(duration / .microseconds(1))))
  }
}
