import CNATS
import Synchronization

/// A connection of the C library with its inbox and its subscriptions.
///
/// Invariant behind `@unchecked Sendable`: the handles are set by `init` and never change. Every call with them runs on `queue`, except
/// `natsConnection_Close` and what only asks, which the library allows beside any other call. They are destroyed once, by `close()`, on `queue` and after
/// `natsConnection_Close` returned; `isDestroyed`, touched on `queue` only, as `dropped` is,
/// keeps later calls away from them.
final class CNATSConnection: NATSConnection, @unchecked Sendable {
  let serverID: String
  let clientID: Int64?
  let maximumPayload: Int

  private static let deliveryPatience = Duration.milliseconds(500)

  private let connection: OpaquePointer
  private let subscriptions: [OpaquePointer]
  private let inbox: String
  private let sink: UInt
  private let queue: BlockingQueue
  private let isClosing = Atomic(false)
  private var isDestroyed = false
  /// How many dropped messages were told of.
  private var dropped = 0

  /// Takes an open connection, and closes it if its inbox cannot be made. Runs on the queue.
  init(_ connection: OpaquePointer, listening: [Subscription], sink: UInt, queue: BlockingQueue) throws(NATSError) {
    self.connection = connection
    self.sink = sink
    self.queue = queue
    do throws(NATSError) {
      serverID = Self.serverID(of: connection)
      clientID = Self.clientID(of: connection)
      maximumPayload = Int(natsConnection_GetMaxPayload(connection))
      inbox = try Self.newInbox()
      subscriptions =
        try Self.subscribe(connection, to: [Subscription(subject: inbox + ".*")], sink: sink, cnatsReceived)
        + Self.subscribe(connection, to: listening, sink: sink, cnatsHeard)
    } catch {
      natsConnection_Destroy(connection)
      throw error
    }
  }

  func publish(_ batch: [Publication], within deadline: Duration) async throws(NATSError) -> [PublicationOutcome] {
    try await queue.run { [self] () throws(NATSError) in
      let outcomes = try handOver(batch)
      let status = natsConnection_FlushTimeout(connection, deadline.wholeMilliseconds)
      guard status == NATS_OK else { throw failure(status) }
      try checkPermission(batch)
      return outcomes
    }
  }

  func send(_ batch: [Publication]) async throws(NATSError) -> [PublicationOutcome] {
    try await queue.run { [self] () throws(NATSError) in try handOver(batch) }
  }

  /// On the queue.
  private func handOver(_ batch: [Publication]) throws(NATSError) -> [PublicationOutcome] {
    guard !isDestroyed else { throw NATSError(.closed, "the connection is closed") }
    var outcomes: [PublicationOutcome] = []
    outcomes.reserveCapacity(batch.count)
    for message in batch { outcomes.append(try publish(message)) }
    return outcomes
  }

  private func publish(_ message: Publication) throws(NATSError) -> PublicationOutcome {
    guard let count = Int32(exactly: message.payload.count) else { return .tooLarge(limit: maximumPayload) }
    let status = message.payload.withUnsafeBytes { bytes in
      guard let token = message.replyToken else { return natsConnection_Publish(connection, message.subject, bytes.baseAddress, count) }
      return natsConnection_PublishRequest(connection, message.subject, "\(inbox).\(token)", bytes.baseAddress, count)
    }
    switch status {
    case NATS_OK: return .sent
    case NATS_MAX_PAYLOAD: return .tooLarge(limit: Int(natsConnection_GetMaxPayload(connection)))
    default: throw failure(status)
    }
  }

  /// The server's "Permissions Violation" comes before its answer to the flush, but does not fail it.
  private func checkPermission(_ batch: [Publication]) throws(NATSError) {
    let noted = NATSError(lastErrorOf: connection, status: NATS_OK)
    guard noted.code == .notPermitted, batch.contains(where: { noted.message.contains($0.subject) }) else { return }
    throw noted
  }

  /// The connection's own account of a failure, which knows the server's words; else the thread's.
  private func failure(_ status: natsStatus) -> NATSError {
    let noted = NATSError(lastErrorOf: connection, status: status)
    // That it was slow once it notes for good.
    return [.other, .slow].contains(noted.code) ? NATSError(lastErrorOnThread: status) : noted
  }

  func takeDropped() async -> Int {
    await queue.runInfallible { [self] in
      guard !isDestroyed else { return 0 }
      let all = subscriptions.reduce(0) { $0 + Self.dropped(at: $1) }
      defer { dropped = all }
      return all - dropped
    }
  }

  private static func dropped(at subscription: OpaquePointer) -> Int {
    var messages: Int64 = 0
    return natsSubscription_GetDropped(subscription, &messages) == NATS_OK ? Int(messages) : 0
  }

  func close() async {
    guard !isClosing.exchange(true, ordering: .acquiringAndReleasing) else { return }
    // Beside the queue, so that a flush under way ends; it holds the queue until then.
    await BlockingQueue("nats-claims.nats.close").runInfallible { [self] in
      if natsConnection_Status(connection) == NATS_CONN_STATUS_RECONNECTING { awaitDelivery() }
      natsConnection_Close(connection)
      EventSinks.shared.awaitEnds(subscriptions.count, of: sink, within: Self.deliveryPatience)
    }
    await queue.runInfallible { [self] in
      isDestroyed = true
      for subscription in subscriptions { natsSubscription_Destroy(subscription) }
      natsConnection_Destroy(connection)
      EventSinks.shared.remove(sink)
    }
  }

  /// Waits until what arrived before a connection was lost is delivered: whoever closes it throws the rest away.
  private func awaitDelivery() {
    let deadline = ContinuousClock.now + Self.deliveryPatience
    while subscriptions.contains(where: hasPending), ContinuousClock.now < deadline { nats_Sleep(5) }
  }

  private func hasPending(_ subscription: OpaquePointer) -> Bool {
    var messages: Int32 = 0
    return natsSubscription_GetPending(subscription, &messages, nil) == NATS_OK && messages > 0
  }

  private static func serverID(of connection: OpaquePointer) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let start = buffer.baseAddress, natsConnection_GetConnectedServerId(connection, start, buffer.count) == NATS_OK else {
        return ""
      }
      return String(cString: start)
    }
  }

  private static func clientID(of connection: OpaquePointer) -> Int64? {
    var id: UInt64 = 0
    return natsConnection_GetClientID(connection, &id) == NATS_OK ? Int64(clamping: id) : nil
  }

  private static func newInbox() throws(NATSError) -> String {
    var inbox: UnsafeMutablePointer<natsInbox>?
    let status = natsInbox_Create(&inbox)
    guard status == NATS_OK, let inbox else { throw NATSError(lastErrorOnThread: status) }
    defer { natsInbox_Destroy(inbox) }
    return String(cString: inbox)
  }

  private static func subscribe(
    _ connection: OpaquePointer, to subscriptions: [Subscription], sink: UInt, _ callback: natsMsgHandler
  ) throws(NATSError) -> [OpaquePointer] {
    var handles: [OpaquePointer] = []
    do throws(NATSError) {
      for subscription in subscriptions {
        var handle: OpaquePointer?
        let number = UnsafeMutableRawPointer(bitPattern: sink)
        let status =
          if let queue = subscription.queue {
            natsConnection_QueueSubscribe(&handle, connection, subscription.subject, queue, callback, number)
          } else {
            natsConnection_Subscribe(&handle, connection, subscription.subject, callback, number)
          }
        guard status == NATS_OK, let handle else { throw NATSError(lastErrorOnThread: status) }
        handles.append(handle)
        if natsSubscription_SetOnCompleteCB(handle, cnatsCompleted, number) != NATS_OK { EventSinks.shared.end(sink) }
      }
      return handles
    } catch {
      for handle in handles { natsSubscription_Destroy(handle) }
      throw error
    }
  }
}
