internal import CLinux
import Dispatch
import Foundation
import Glibc
import Synchronization

/// Runs an actor's jobs on a thread of its own that gives way to the rest of the program: blocking file calls never hold a thread of the
/// cooperative pool, and work that can wait takes the cores that pushes and lookups leave it.
public final class BackgroundExecutor: SerialExecutor {
  /// What the thread shares with the executor; it may outlive it by a moment.
  private final class Jobs: Sendable {
    private let waiting = Mutex<(jobs: [(UnownedJob, UnownedSerialExecutor)], isOver: Bool)>(([], false))
    private let signal = DispatchSemaphore(value: 0)

    func add(_ job: UnownedJob, on executor: UnownedSerialExecutor) {
      waiting.withLock { $0.jobs.append((job, executor)) }
      signal.signal()
    }

    func end() {
      waiting.withLock { $0.isOver = true }
      signal.signal()
    }

    func run() {
      while true {
        signal.wait()
        let (jobs, isOver) = waiting.withLock { waiting in
          defer { waiting.jobs = [] }
          return waiting
        }
        for (job, executor) in jobs { job.runSynchronously(on: executor) }
        if isOver { return }
      }
    }
  }

  /// How much the thread gives way, as `nice` counts. It still gets about a tenth of a busy core.
  private static let niceness: Int32 = 10

  private let jobs = Jobs()

  /// An executor whose thread has this name of at most 15 characters.
  public init(name: String) {
    let thread = Thread { [jobs] in
      // A system that refuses this runs the jobs all the same, only less politely.
      linux_name_thread(name)
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
      jobs.run()
    }
    thread.start()
  }

  deinit { jobs.end() }

  /// Runs a job on the thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    jobs.add(UnownedJob(job), on: asUnownedSerialExecutor())
  }
}
