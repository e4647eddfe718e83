import Synchronization

/// The newest of several values. Those before it are not kept: whoever takes it late misses nothing that still counts.
final class Latest<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var signal: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// Has `signal` called each time there is something to take where there was nothing, and at once if something waits already.
  func notify(_ signal: @escaping @Sendable () -> Void) {
    let waits = state.withLock { state in
      state.signal = signal
      return state.value != nil
    }
    if waits { signal() }
  }

  func put(_ value: Value) {
    let signal = state.withLock { state -> (@Sendable () -> Void)? in
      defer { state.value = value }
      return state.value == nil ? state.signal : nil
    }
    signal?()
  }

  /// Takes what was put last; nil when that was done already.
  func take() -> Value? {
    state.withLock { state in
      defer { state.value = nil }
      return state.value
    }
  }
}
