import HummingbirdCore
import NIOCore
import Synchronization

/// A connection that was accepted, and that the framework may drop again without handling it when it stops.
///
/// NIO ends the process when an async channel goes away without having been run, so one that was dropped is run to its end here.
final class AcceptedConnection: ServerChildChannelValue {
  private let value: HTTP1Channel.Value
  private let isTaken = Atomic(false)

  init(_ value: HTTP1Channel.Value) {
    self.value = value
  }

  var channel: any Channel { value.channel }

  /// Gives the connection to whoever handles it.
  func take() -> HTTP1Channel.Value {
    isTaken.store(true, ordering: .relaxed)
    return value
  }

  deinit {
    guard !isTaken.load(ordering: .relaxed) else { return }
    Task { [value] in
      do {
        try await value.executeThenClose { _, _ in }
      } catch {
        // It was to be closed, and it is.
      }
    }
  }
}
