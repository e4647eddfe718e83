import CNATS

// The library calls these from its own threads. Closures would do in most places, but a closure written in an isolated context inherits
// the isolation and traps there; global functions cannot.

/// A reply on the connection's inbox. The message is ours to destroy.
func cnatsReceived(
  _ connection: OpaquePointer?, _ subscription: OpaquePointer?, _ message: OpaquePointer?, _ number: UnsafeMutableRawPointer?
) {
  guard let message else { return }
  defer { natsMsg_Destroy(message) }
  guard let subject = natsMsg_GetSubject(message) else { return }
  let token = String(cString: subject).split(separator: ".").last.map(String.init) ?? ""
  let bytes = UnsafeRawBufferPointer(start: natsMsg_GetData(message), count: Int(natsMsg_GetDataLength(message)))
  let reply = InboxMessage(token: token, payload: [UInt8](bytes), isNoResponders: natsMsg_IsNoResponders(message))
  EventSinks.shared.send(.message(reply), to: UInt(bitPattern: number))
}

/// A message on one of the connection's subscriptions. It is ours to destroy.
func cnatsHeard(
  _ connection: OpaquePointer?, _ subscription: OpaquePointer?, _ message: OpaquePointer?, _ number: UnsafeMutableRawPointer?
) {
  guard let message else { return }
  defer { natsMsg_Destroy(message) }
  guard let subject = natsMsg_GetSubject(message) else { return }
  let bytes = UnsafeRawBufferPointer(start: natsMsg_GetData(message), count: Int(natsMsg_GetDataLength(message)))
  let heard = NATSMessage(
    subject: String(cString: subject), reply: natsMsg_GetReply(message).map { String(cString: $0) }, payload: [UInt8](bytes))
  EventSinks.shared.send(.heard(heard), to: UInt(bitPattern: number))
}

/// A closed subscription's last callback has returned.
func cnatsCompleted(_ number: UnsafeMutableRawPointer?) { EventSinks.shared.end(UInt(bitPattern: number)) }

/// The server sent an error that does not end the connection, or a subscription is slow.
func cnatsComplained(
  _ connection: OpaquePointer?, _ subscription: OpaquePointer?, _ status: natsStatus, _ number: UnsafeMutableRawPointer?
) {
  // The subscription is not looked at: it may be gone by now. What the connection noted last may be about something else.
  let noted = connection.map { NATSError(lastErrorOf: $0, status: status) }
  let error = status == NATS_SLOW_CONSUMER || noted?.code == .slow ? NATSError(status: status, detail: nil) : noted
  EventSinks.shared.send(.complaint(error ?? NATSError(status: status, detail: nil)), to: UInt(bitPattern: number))
}

/// How long the library is to wait before it connects again, in milliseconds: it is closed long before.
func cnatsReconnectDelay(_ connection: OpaquePointer?, _ attempts: Int32, _ closure: UnsafeMutableRawPointer?) -> Int64 { 60_000 }

/// The connection is lost or closed; often called for the one and the other.
func cnatsLost(_ connection: OpaquePointer?, _ number: UnsafeMutableRawPointer?) {
  let error = connection.map { NATSError(lastErrorOf: $0, status: NATS_CONNECTION_CLOSED) }
  EventSinks.shared.send(.closed(error ?? NATSError(.closed, "the connection is closed")), to: UInt(bitPattern: number))
}
