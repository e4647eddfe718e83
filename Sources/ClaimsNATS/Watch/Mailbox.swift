import Synchronization

/// A bounded queue between the library's threads, which only put things in, and the one task that takes them out.
final class Mailbox<Element: Sendable>: Sendable {
  /// What makes room in a full box.
  enum Surplus: Sendable {
    /// What comes is dropped.
    case newest
    /// What has waited longest is dropped.
    case oldest
  }

  private struct State {
    var waiting: [(element: Element, bytes: Int)] = []
    var bytes = 0

    /// An eighth at a time: all that stays is moved each time.
    mutating func dropOldest() -> Int {
      let count = min(waiting.count, max(1, waiting.count / 8))
      bytes -= waiting.prefix(count).reduce(0) { $0 + $1.bytes }
      waiting.removeFirst(count)
      return count
    }
  }

  private let capacity: Int
  private let mostBytes: Int
  private let surplus: Surplus
  private let drops: DropCount
  private let state = Mutex(State())
  private let signals: AsyncStream<Void>
  private let source: AsyncStream<Void>.Continuation

  /// Holds at most so many, of so many bytes together; the surplus is dropped, and counted by `drops`.
  init(capacity: Int, mostBytes: Int = 64 << 20, dropping surplus: Surplus = .newest, drops: DropCount) {
    self.surplus = surplus
    self.capacity = capacity
    self.mostBytes = mostBytes
    self.drops = drops
    (signals, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Puts something of so many bytes in; false when the box is full.
  @discardableResult
  func put(_ element: Element, bytes: Int = 0) -> Bool {
    let isIn = state.withLock { state in
      while state.waiting.count >= capacity || state.bytes + bytes > mostBytes {
        guard surplus == .oldest, !state.waiting.isEmpty else { return false }
        drops.add(state.dropOldest())
      }
      state.waiting.append((element, bytes))
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
    while let waiting = await next() { await body(waiting) }
  }

  /// Takes all that waits, or waits for something; nil when the box is closed or the task cancelled. One reader.
  func next() async -> [Element]? {
    var signal = signals.makeAsyncIterator()
    while await signal.next() != nil {
      let waiting = state.withLock { state in
        defer { (state.waiting, state.bytes) = ([], 0) }
        return state.waiting
      }
      if !waiting.isEmpty { return waiting.map(\.element) }
    }
    return nil
  }

  /// Ends ``empty(_:)``.
  func close() { source.finish() }
}
