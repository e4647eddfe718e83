import Synchronization

/// A bounded queue between the library's threads, which only put things in, and the one task that takes them out.
final class Mailbox<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [Element] = []
    var dropped = 0
  }

  private let capacity: Int
  private let state = Mutex(State())
  private let signals: AsyncStream<Void>
  private let source: AsyncStream<Void>.Continuation

  /// Holds at most so many; what comes beyond is dropped and counted.
  init(capacity: Int) {
    self.capacity = capacity
    (signals, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// How many were dropped so far.
  var dropped: Int { state.withLock { $0.dropped } }

  /// Puts something in; false when the box is full.
  @discardableResult
  func put(_ element: Element) -> Bool {
    let isIn = state.withLock { state in
      guard state.waiting.count < capacity else {
        state.dropped += 1
        return false
      }
      state.waiting.append(element)
      return true
    }
    if isIn { source.yield() }
    return isIn
  }

  /// Hands over what waits, all of it each time, until the box is closed or the task cancelled. One reader.
  func empty(_ body: ([Element]) async -> Void) async {
    for await _ in signals {
      let waiting = state.withLock { state in
        defer { state.waiting = [] }
        return state.waiting
      }
      if !waiting.isEmpty { await body(waiting) }
    }
  }

  /// Ends ``empty(_:)``.
  func close() { source.finish() }
}
