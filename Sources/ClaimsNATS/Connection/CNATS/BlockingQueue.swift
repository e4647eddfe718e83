import Dispatch

/// A thread of its own for calls that block, so that they never hold one of the cooperative pool. Calls run one after the other.
struct BlockingQueue: Sendable {
  private let queue: DispatchQueue

  init(_ label: String) {
    queue = DispatchQueue(label: label)
  }

  /// Runs `body` on the queue. It is not cancelled with the task that waits for it.
  func run<Value: Sendable>(_ body: @escaping @Sendable () throws(NATSError) -> Value) async throws(NATSError) -> Value {
    let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, NATSError>, Never>) in
      queue.async {
        continuation.resume(returning: Result { () throws(NATSError) in try body() })
      }
    }
    return try result.get()
  }

  /// Runs a `body` that cannot fail, see ``run(_:)``.
  func runInfallible<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { (continuation: CheckedContinuation<Value, Never>) in
      queue.async { continuation.resume(returning: body()) }
    }
  }
}
