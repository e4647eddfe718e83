import Dispatch
import Synchronization

/// Where the library's callbacks deliver, by number.
///
/// The callbacks get a number instead of a pointer: the library may call them late, from threads of its own, and has no moment from which
/// it certainly does not. A number whose sink is removed finds nothing; a pointer would find freed memory.
final class EventSinks: Sendable {
  typealias Sink = @Sendable (ConnectionEvent) -> Void

  /// The one table: C callbacks can carry no other.
  static let shared = EventSinks()

  private struct Entry {
    let sink: Sink
    /// Counts the subscriptions whose last callback has returned.
    let ended = DispatchSemaphore(value: 0)
  }

  private struct State {
    var next: UInt = 0
    var entries: [UInt: Entry] = [:]
  }

  private let state = Mutex(State())

  /// Adds a sink.
  ///
  /// - Returns: its number, which is never zero and never used again.
  func add(_ sink: @escaping Sink) -> UInt {
    state.withLock { state in
      state.next += 1
      state.entries[state.next] = Entry(sink: sink)
      return state.next
    }
  }

  func remove(_ number: UInt) {
    state.withLock { _ = $0.entries.removeValue(forKey: number) }
  }

  func send(_ event: ConnectionEvent, to number: UInt) {
    state.withLock { $0.entries[number]?.sink }?(event)
  }

  /// A subscription's last callback has returned.
  func end(_ number: UInt) { _ = state.withLock { $0.entries[number]?.ended }?.signal() }

  /// Waits until the last callbacks of so many subscriptions have returned; not longer than `patience`.
  func awaitEnds(_ count: Int, of number: UInt, within patience: Duration) {
    guard let ended = state.withLock({ $0.entries[number]?.ended }) else { return }
    let deadline = DispatchTime.now() + .milliseconds(Int(patience.wholeMilliseconds))
    for _ in 0..<count where ended.wait(timeout: deadline) == .timedOut { return }
  }
}
