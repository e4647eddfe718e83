import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// The threads that judge pushes: as many as there are cores while nobody looks up.
///
/// Lookups go first. While they come, one thread judges, and after each push it rests a few times as long as that took: threads that judge at full
/// speed make the slowest lookups wait for the scheduler, whatever the threads' priority.
final class PushJudges: Sendable {
  typealias Work = @Sendable () -> Void

  /// How many times as long as judging the rest after it is.
  private static let rest = 4
  /// No rest is longer, however long a push took.
  private static let longestRest = Duration.milliseconds(2)

  private struct State {
    var waiting = CircularBuffer<Work>()
    var judging = 0
  }

  private let givesWay: @Sendable () -> Bool
  private let pool: NIOThreadPool
  private let threads: Int
  private let state = Mutex(State())

  /// Creates judges on at most `threads` threads of a pool, that give way while `givesWay` says so.
  init(pool: NIOThreadPool = .singleton, threads: Int = System.coreCount, givesWay: @escaping @Sendable () -> Bool) {
    self.pool = pool
    self.threads = threads
    self.givesWay = givesWay
  }

  /// Runs `work` when a thread is free, in the order of the calls.
  func submit(_ work: @escaping Work) {
    let limit = givesWay() ? 1 : threads
    let starts = state.withLock { state in
      state.waiting.append(work)
      guard state.judging < limit else { return false }
      state.judging += 1
      return true
    }
    if starts { pool.submit { _ in self.judge() } }
  }

  /// Judges until nothing waits, or until this thread is one too many.
  private func judge() {
    while true {
      let givesWay = givesWay()
      guard let work = state.withLock({ state in Self.next(&state, limit: givesWay ? 1 : threads) }) else { return }
      let start = ContinuousClock.now
      work()
      if givesWay { sleep(min((ContinuousClock.now - start) * Self.rest, Self.longestRest)) }
    }
  }

  private static func next(_ state: inout State, limit: Int) -> Work? {
    guard state.judging <= limit, let work = state.waiting.popFirst() else {
      state.judging -= 1
      return nil
    }
    return work
  }

  private func sleep(_ duration: Duration) {
    usleep(UInt32(clamping: Int64(duration / .microseconds(1))))
  }
}
