public import Claims
import Nkeys

/// Something that a nats-server told of on a `$SYS` subject, or claims that somebody sent to the servers.
///
/// What is read here was captured from servers of version 2.9 to 2.14; the order of members, and members of newer servers, do not matter.
public struct SystemEvent: Sendable, Hashable {
  /// What happened. The raw values are what commands and filters call it.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A client connected; also a leaf node, whose `client.kind` says so.
    case connect
    /// A client is gone.
    case disconnect
    /// How many connections an account has at a server.
    case connections
    /// A server refused a client.
    case authError = "auth-error"
    /// A leaf node connected.
    case leafConnect = "leaf-connect"
    /// A leaf node is gone. No server of today sends it: they send `disconnect` with the kind `Leafnode`.
    case leafDisconnect = "leaf-disconnect"
    /// A server's figures, every ten seconds.
    case stats
    /// A server stops.
    case shutdown
    /// A server sends its clients away, to stop then.
    case lameDuck = "lame-duck"
    /// Claims for the servers to use from now on.
    case update
    /// A delete claim.
    case delete
  }

  /// What happened.
  public let kind: Kind
  /// The subject it came on.
  public let subject: String
  /// The account it is about: a key, or a plain name at servers whose accounts are in their configuration; nil when it is about none.
  public let account: String?
  /// The server that told it; nil for claims, which somebody else sent.
  public let server: ServerInfo?
  /// The event's id, the same on both subjects of one count; nil when it has none.
  public let id: String?
  /// When it happened, as the server wrote it; empty when it did not.
  public let time: String
  /// The whole message; nil for claims.
  public let body: JSONValue?
  /// The token of claims that were sent; nil for other events.
  public let token: Token?

  /// Events are some kilobytes at most; one of more than this is not read.
  private static let largest = 1 << 20

  /// Reads a message; nil when its subject is no event's, or it is not what comes there.
  public init?(_ message: NATSMessage) {
    guard let (kind, name) = SystemSubject.read(message.subject) else { return nil }
    self.kind = kind
    subject = message.subject
    if kind == .update || kind == .delete {
      (server, id, time, body) = (nil, nil, "", nil)
      let token = Token(message.payload)
      self.token = token
      account = name.isEmpty ? Self.subject(of: token, kind) : name
      return
    }
    guard message.payload.count <= Self.largest, let body = try? JSONReader().read(message.payload) else { return nil }
    // At the end of its life a server sends its object as it is.
    let isBare = kind == .shutdown || kind == .lameDuck
    guard let server = ServerInfo(server: isBare && body["server"] == nil ? body : body["server"]) else { return nil }
    self.body = body
    self.server = server
    token = nil
    id = body["id"]?.text.flatMap { isBare ? nil : $0 }
    time = body["timestamp"]?.text ?? body["server"]?["time"]?.text ?? body["time"]?.text ?? ""
    switch kind {
    case .authError: account = body["client"]?["acc"]?.text.map { NATSError.printable($0) }
    case .stats, .shutdown, .lameDuck: account = nil
    default: account = NATSError.printable(name)
    }
  }

  private static func subject(of token: Token, _ kind: Kind) -> String? {
    guard kind == .update, let claims = try? DecodedToken.decode(token).claims else { return nil }
    return NATSError.printable(claims.common.sub.text)
  }
}
