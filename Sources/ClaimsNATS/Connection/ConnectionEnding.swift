import Synchronization

/// Makes one end with a reason out of what the library tells: it tells of a loss, and of the end when the lost connection is closed, and has forgotten
/// the server's words by then. (That a server was silent for too long it forgets without having told anybody.)
final class ConnectionEnding: Sendable {
  private struct State {
    var refusal: NATSError?
    var isOver = false
  }

  private let state = Mutex(State())

  /// What is to be told of an event; nil when that was done.
  func told(_ event: ConnectionEvent) -> ConnectionEvent? {
    state.withLock { state in
      switch event {
      case .complaint(let error):
        if error.code == .unauthorized { state.refusal = error }
        return event
      case .closed(let error):
        guard !state.isOver else { return nil }
        state.isOver = true
        return .closed(error.code == .closed ? state.refusal ?? error : error)
      case .message, .heard: return event
      }
    }
  }
}
