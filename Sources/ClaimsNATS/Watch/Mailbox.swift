import Synchronization

/// A bounded queue between the library's threads, which only put things in, and the one task that takes them out.
final class Mailbox<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [Element] = []
    var bytes = 0
  }

  private let capacity: Int
  private let mostBytes: Int
  private let drops: DropCount
  private let state = Mutex(State())
  private let signals: AsyncStream<Void>
  private let source: AsyncStream<Void>.Continuation

  /// Holds at most so many, of so many bytes together; what comes beyond is dropped, and counted by `drops`.
  init(capacity: Int, mostBytes: Int = 64 << 20, drops: DropCount) {
    self.capacity = capacity
    self.mostBytes = mostBytes
    self.drops = drops
    (signals, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Puts something of so many bytes in; false when the box is full.
  @discardableResult
  func put(_ element: Element, bytes: Int = 0) -> Bool {
    let isIn = state.withLock { state in
      guard state.waiting.count < capacity, state.bytes + bytes <= mostBytes else { return false }
      state.waiting.append(element)
      state.bytes += bytes
      return true
    }
    if isIn { source.yield() } else { drops.add() }
    return isIn
  }

  /// Puts the same in again and again, until the task is cancelled.
  func put(_ element: Element, every interval: Duration) async {
    while !Task.isCancelled {
      put(element)
      do { try await Task.sleep(for: interval) } catch { return }
    }
  }

  /// Hands over what waits, all of it each time, until the box is closed or the task cancelled. One reader.
  func empty(_ body: ([Element]) async -> Void) async {
    for await _ in signals {
      let waiting = state.withLock { state in
        defer { (state.waiting, state.bytes) = ([], 0) }
        return state.waiting
      }
      if !waiting.isEmpty { await body(waiting) }
    }
  }

  /// Ends ``empty(_:)``.
  func close() { source.finish() }
}
