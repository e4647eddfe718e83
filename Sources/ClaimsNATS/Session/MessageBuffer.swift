import Synchronization

/// What was heard and is not taken yet: at most so many messages of so many bytes together. The oldest make room for the newest, and are counted.
final class MessageBuffer: Sendable {
  private struct State {
    var messages: [NATSMessage] = []
    /// How many at the front are taken already.
    var taken = 0
    var bytes = 0

    var count: Int { messages.count - taken }

    mutating func take() -> NATSMessage? {
      guard taken < messages.count else { return nil }
      let message = messages[taken]
      messages[taken] = NATSMessage(subject: "", payload: [])
      taken += 1
      bytes -= message.size
      // What is taken is given back in large shares, so that a message is moved about once.
      if taken == messages.count || taken >= 1024 && taken * 2 >= messages.count {
        messages.removeFirst(taken)
        taken = 0
      }
      return message
    }
  }

  private let capacity: Int
  private let mostBytes: Int
  private let drops: DropCount
  private let state = Mutex(State())
  private let signals: AsyncStream<Void>
  private let source: AsyncStream<Void>.Continuation

  /// Holds at most so many messages, of so many bytes together; what makes room is counted by `drops`.
  init(capacity: Int, mostBytes: Int, drops: DropCount) {
    self.capacity = capacity
    self.mostBytes = mostBytes
    self.drops = drops
    (signals, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func put(_ message: NATSMessage) {
    state.withLock { state in
      state.messages.append(message)
      state.bytes += message.size
      while state.count > capacity || state.bytes > mostBytes, state.take() != nil { drops.add() }
    }
    source.yield()
  }

  /// Takes the oldest, or waits for one; nil when there will be none. One listener.
  func next() async -> NATSMessage? {
    while true {
      if let message = state.withLock({ $0.take() }) { return message }
      var signal = signals.makeAsyncIterator()
      guard await signal.next() != nil else { return state.withLock { $0.take() } }
    }
  }

  /// There will be no more.
  func finish() { source.finish() }
}
