import Synchronization

/// Where the library's callbacks deliver, by number.
///
/// The callbacks get a number instead of a pointer: the library may call them late, from threads of its own, and has no moment from which
/// it certainly does not. A number whose sink is removed finds nothing; a pointer would find freed memory.
final class EventSinks: Sendable {
  typealias Sink = @Sendable (ConnectionEvent) -> Void

  /// The one table: C callbacks can carry no other.
  static let shared = EventSinks()

  private struct State {
    var next: UInt = 0
    var sinks: [UInt: Sink] = [:]
  }

  private let state = Mutex(State())

  /// Adds a sink.
  ///
  /// - Returns: its number, which is never zero and never used again.
  func add(_ sink: @escaping Sink) -> UInt {
    state.withLock { state in
      state.next += 1
      state.sinks[state.next] = sink
      return state.next
    }
  }

  func remove(_ number: UInt) {
    state.withLock { _ = $0.sinks.removeValue(forKey: number) }
  }

  func send(_ event: ConnectionEvent, to number: UInt) {
    guard let sink = state.withLock({ $0.sinks[number] }) else { return }
    sink(event)
  }
}
