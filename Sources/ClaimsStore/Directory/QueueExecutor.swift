import Dispatch

/// Runs an actor's jobs on a dispatch queue of its own, so that blocking file calls never hold a thread of the cooperative pool.
public final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  /// An executor whose queue has this label.
  public init(label: String) {
    queue = DispatchQueue(label: label)
  }

  /// Runs a job on the queue.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
