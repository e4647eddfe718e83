import Logging
import Synchronization

/// The connection of the moment, for those who answer and ask over it.
final class CurrentLink: Sendable {
  private let link = Mutex<(any NATSConnection)?>(nil)

  var connection: (any NATSConnection)? { link.withLock { $0 } }

  /// Sets it; `whenUp` hears of every new one.
  func set(_ connection: (any NATSConnection)?) {
    link.withLock { $0 = connection }
    guard connection != nil else { return }
    for listener in whenUp.withLock({ $0 }) { listener() }
  }

  /// Has something done each time a connection is made.
  func notify(_ listener: @escaping @Sendable () -> Void) { whenUp.withLock { $0.append(listener) } }

  private let whenUp = Mutex<[@Sendable () -> Void]>([])

  /// Hands messages over to be sent soon; without a connection they are dropped, because whoever waits for them asks again.
  func send(_ messages: [Publication], _ logger: Logger) async {
    guard !messages.isEmpty, let connection else { return }
    do throws(NATSError) {
      let outcomes = try await connection.send(messages)
      guard let large = zip(messages, outcomes).first(where: { $0.1 != .sent })?.0 else { return }
      logger.warning(
        "a message is larger than the nats-server takes: raise its max_payload",
        metadata: ["subject": "\(large.subject)", "bytes": "\(large.payload.count)"])
    } catch {
      logger.debug("messages over NATS did not go out", metadata: ["reason": "\(error.message)", "subject": "\(messages[0].subject)"])
    }
  }
}
