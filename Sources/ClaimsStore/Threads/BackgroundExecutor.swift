/// Runs an actor's jobs on a thread of its own that gives way to the rest of the program: blocking file calls never hold a thread of the
/// cooperative pool, and work that can wait takes the cores that lookups and transactions leave it. The threads that judge pushes give way as much:
/// files pause for them by themselves (``Courtesy``).
public final class BackgroundExecutor: SerialExecutor {
  /// How much the thread gives way, as `nice` counts. It still gets about a tenth of a busy core.
  private static let niceness: Int32 = 10

  private let thread: WorkerThread

  /// An executor whose thread has this name of at most 15 characters.
  public init(name: String) {
    thread = WorkerThread(name: name, niceness: Self.niceness)
  }

  /// Runs a job on the thread.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    thread.run { job.runSynchronously(on: executor) }
  }
}
