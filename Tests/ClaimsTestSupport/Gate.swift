import Dispatch
import Synchronization

/// A gate at which threads wait while it is closed.
final class Gate: Sendable {
  private let state = Mutex<(isClosed: Bool, waiting: [DispatchSemaphore])>((false, []))

  /// Whether a thread waits.
  var isHolding: Bool { state.withLock { !$0.waiting.isEmpty } }

  func close(_ isClosed: Bool) {
    let waiting = state.withLock { state in
      state.isClosed = isClosed
      guard !isClosed else { return [DispatchSemaphore]() }
      defer { state.waiting = [] }
      return state.waiting
    }
    for semaphore in waiting { semaphore.signal() }
  }

  /// Waits while the gate is closed.
  func pass() {
    let semaphore = DispatchSemaphore(value: 0)
    let isClosed = state.withLock { state in
      if state.isClosed { state.waiting.append(semaphore) }
      return state.isClosed
    }
    if isClosed { semaphore.wait() }
  }
}
