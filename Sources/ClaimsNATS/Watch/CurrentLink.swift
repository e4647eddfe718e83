import Synchronization

/// The connection of the moment, for those who answer and ask over it.
final class CurrentLink: Sendable {
  private let link = Mutex<(any NATSConnection)?>(nil)

  var connection: (any NATSConnection)? { link.withLock { $0 } }

  func set(_ connection: (any NATSConnection)?) { link.withLock { $0 = connection } }
}
