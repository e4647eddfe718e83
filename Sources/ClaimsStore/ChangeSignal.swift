import Synchronization

/// Tells the log's readers that there is something to read.
///
/// A signal carries nothing but "look again": a slow reader gets one, however many changes there were.
public final class ChangeSignal: Sendable {
  private struct State {
    var next = 0
    var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    var finished = false
  }

  private let state = Mutex(State())

  init() {}

  /// A stream with an element at once and one after later changes. It ends when the store closes.
  public func stream() -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let identifier = state.withLock { state -> Int? in
        guard !state.finished else { return nil }
        state.next += 1
        state.listeners[state.next] = continuation
        return state.next
      }
      continuation.yield()
      guard let identifier else { return continuation.finish() }
      continuation.onTermination = { [weak self] _ in self?.remove(identifier) }
    }
  }

  func send() {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
  }

  func finish() {
    let listeners = state.withLock { state in
      state.finished = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }

  private func remove(_ identifier: Int) {
    state.withLock { _ = $0.listeners.removeValue(forKey: identifier) }
  }
}
