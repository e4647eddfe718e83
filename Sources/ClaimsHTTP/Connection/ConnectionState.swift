import NIOCore

/// What the handlers of one connection share. It lives on the connection's event loop.
final class ConnectionState {
  /// How the connection goes on.
  enum Ending {
    /// More requests may follow.
    case open
    /// The request being read, or the last one read, is the last.
    case last
    /// The last request is too large: nothing more is read of it.
    case refusing
    /// The refusal is written.
    case lingering
  }

  var deadlines: ConnectionDeadlines
  /// How many bytes came for the body that is being read, with all that is around it.
  private var bodyBytes = 0
  private let mostBodyBytes: Int
  var ending = Ending.open
  /// Called when a deadline came nearer outside of the events that the guard sees.
  var deadlineMoved: (() -> Void)?

  init(limits: HTTPLimits) {
    deadlines = ConnectionDeadlines(limits: limits, now: .now())
    mostBodyBytes = limits.wholeBody
  }

  /// Notes bytes from the network; false when they are more than a body and its framing can have.
  func take(_ count: Int) -> Bool {
    let isBody = deadlines.isReadingBody
    deadlines.bytesArrived(.now())
    bodyBytes = isBody ? bodyBytes + count : 0
    return bodyBytes <= mostBodyBytes
  }

  /// Whether the next answer to be written is the connection's last.
  var isLastAnswer: Bool {
    if case .open = ending { return false }
    return deadlines.outstanding <= 1
  }
}

@available(*, unavailable)
extension ConnectionState: Sendable {}
