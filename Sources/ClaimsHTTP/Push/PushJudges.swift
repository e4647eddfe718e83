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
  static let rest = 4
  private struct State {
    var waiting = CircularBuffer<Work>()
    var judging = 0
    var givesWay = false
    var lookups = 0
    var seen = ContinuousClock.now
  }

  private let load: LookupLoad
  private let pool: NIOThreadPool
  private let threads: Int
  private let interval: Duration
  private let state = Mutex(State())

  /// Creates judges on at most `threads` threads of a pool, that see at every `interval` whether lookups came, and then give way to them.
  init(
    load: LookupLoad, pool: NIOThreadPool = .singleton, threads: Int = System.coreCount, interval: Duration = .milliseconds(20)
  ) {
    self.load = load
    self.pool = pool
    self.threads = threads
    self.interval = interval
  }

  /// Runs `work` when a thread is free, in the order of the calls.
  func submit(_ work: @escaping Work) {
    let starts = state.withLock { state in
      state.waiting.append(work)
      guard state.judging < limit(&state) else { return false }
      state.judging += 1
      return true
    }
    if starts { goOn() }
  }

  private func goOn() {
    pool.submit { _ in self.judge() }
  }

  /// One push; the next goes to the end of the pool's queue, as others use the pool too.
  private func judge() {
    guard let (work, givesWay) = state.withLock({ state in next(&state) }) else { return }
    let start = ContinuousClock.now
    work()
    if givesWay { sleep((ContinuousClock.now - start) * Self.rest) }
    goOn()
  }

  /// What to judge next, or nothing when this thread is one too many.
  private func next(_ state: inout State) -> (work: Work, givesWay: Bool)? {
    guard state.judging <= limit(&state), let work = state.waiting.popFirst() else {
      state.judging -= 1
      return nil
    }
    return (work, state.givesWay)
  }

  /// How many threads may judge now.
  private func limit(_ state: inout State) -> Int {
    let now = ContinuousClock.now
    if now - state.seen >= interval {
      let lookups = load.count
      state.givesWay = lookups != state.lookups
      state.lookups = lookups
      state.seen = now
    }
    return state.givesWay ? 1 : threads
  }

  private func sleep(_ duration: Duration) {
    usleep(UInt32(clamping: Int64(duration / .microseconds(1))))
  }
}
