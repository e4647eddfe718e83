import Synchronization

/// Counts open connections against a cap.
final class ConnectionCount: Sendable {
  private struct State {
    var open = 0
    /// Who waits until there are none.
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var next = 0
  }

  private let cap: Int
  private let state = Mutex(State())

  init(cap: Int) {
    self.cap = cap
  }

  /// The connections open now.
  var open: Int { state.withLock { $0.open } }

  /// Counts a connection; false when there are too many. Either way ``leave()`` must follow.
  func enter() -> Bool {
    state.withLock { state in
      state.open += 1
      return state.open <= cap
    }
  }

  func leave() {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.open -= 1
      guard state.open == 0 else { return [] }
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Waits until no connection is open, or until the task is cancelled.
  func empty() async {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isEmpty = state.withLock { state in
          guard state.open > 0, !Task.isCancelled else { return true }
          state.waiting[number] = continuation
          return false
        }
        if isEmpty { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }
}
