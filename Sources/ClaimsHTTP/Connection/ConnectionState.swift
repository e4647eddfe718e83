import NIOCore

/// What the handlers of one connection share. It lives on the connection's event loop.
final class ConnectionState {
  var deadlines: ConnectionDeadlines
  /// Called when a deadline came nearer outside of the events that the guard sees.
  var deadlineMoved: (() -> Void)?

  init(limits: HTTPLimits) {
    deadlines = ConnectionDeadlines(limits: limits, now: .now())
  }
}

@available(*, unavailable)
extension ConnectionState: Sendable {}
