import Claims

extension ServerIdentity {
  /// Takes over what the server told of itself.
  mutating func learn(_ server: ServerName) {
    name = server.name
    version = server.version
  }
}

/// Who sent a reply: the `server` object that every answer of a nats-server has.
struct ServerName: Sendable, Hashable {
  let id: String
  let name: String
  let version: String

  /// Reads it from a reply; nil when there is none.
  init?(_ reply: JSONValue) {
    guard let server = reply["server"], let id = server["id"]?.text else { return nil }
    self.id = NATSError.printable(id)
    name = NATSError.printable(server["name"]?.text ?? "")
    version = NATSError.printable(server["ver"]?.text ?? "")
  }

  /// Reads it from the bytes of a reply; nil when it is not readable.
  init?(_ payload: [UInt8]) {
    guard payload.count <= ServerReply.largest, let reply = try? JSONReader().read(payload) else { return nil }
    self.init(reply)
  }
}
