public import Claims

/// A nats-server as it tells of itself: the `server` object of its events and answers.
public struct ServerInfo: Sendable, Hashable {
  /// Its id: the public key it made at its start.
  public let id: String
  /// Its name; its id when it was given none.
  public let name: String
  /// Its version.
  public let version: String
  /// Where it listens.
  public let host: String
  /// The cluster it belongs to; empty when to none.
  public let cluster: String

  /// Whether it is no nats-server, but another server of ours.
  public let isOurs: Bool

  /// Reads the object itself; nil when it names no server.
  public init?(server: JSONValue?) {
    guard let server, let id = server["id"]?.text, !id.isEmpty else { return nil }
    self.id = NATSError.printable(id)
    name = NATSError.printable(server["name"]?.text ?? "")
    version = NATSError.printable(server["ver"]?.text ?? "")
    host = NATSError.printable(server["host"]?.text ?? "")
    isOurs = server["product"]?.text == ReplyText.product
    cluster = NATSError.printable(server["cluster"]?.text ?? "")
  }

  /// Reads it from a reply, whose member `server` it is; nil when there is none.
  public init?(_ reply: JSONValue) {
    self.init(server: reply["server"])
  }

  /// Reads it from the bytes of a reply; nil when it is not readable.
  init?(_ payload: [UInt8]) {
    guard payload.count <= ServerReply.largest, let reply = try? JSONReader().read(payload) else { return nil }
    self.init(reply)
  }

  /// The name, or the id where there is none.
  public var label: String { name.isEmpty ? id : name }
}

extension ServerIdentity {
  /// Takes over what the server told of itself.
  mutating func learn(_ server: ServerInfo) {
    name = server.name
    version = server.version
  }
}
