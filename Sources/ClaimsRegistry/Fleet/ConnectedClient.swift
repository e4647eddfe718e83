/// A client that is connected to a nats-server now, as far as a change of its account's claims could concern it.
public struct ConnectedClient: Sendable, Hashable {
  /// The server's name.
  public let server: String
  /// The client's user: a public key, or a name.
  public let user: String
  /// The client's own name; empty when it gave none.
  public let name: String
  /// When its user token was issued, in seconds since 1970; nil when that is not known.
  public let iat: Int64?
  /// How many subscriptions it has.
  public let subscriptions: Int
  /// Whether it is a leaf node.
  public let isLeafNode: Bool
  /// The key that signed its user token; nil when that is not known.
  public let issuer: String?
  /// Whether it came with nothing but its user token.
  public let isBearer: Bool

  /// Names a client.
  public init(
    server: String, user: String, name: String, iat: Int64?, subscriptions: Int, isLeafNode: Bool, issuer: String? = nil,
    isBearer: Bool = false
  ) {
    self.server = server
    self.user = user
    self.name = name
    self.iat = iat
    self.subscriptions = subscriptions
    self.isLeafNode = isLeafNode
    self.issuer = issuer
    self.isBearer = isBearer
  }
}

/// The clients of an account that are connected now.
public struct ConnectedClients: Sendable, Hashable {
  /// How many each server has, by its name; servers without one are left out.
  public var servers: [String: Int]
  /// The clients, as far as they were listed.
  public var clients: [ConnectedClient]
  /// The servers that did not answer, by name: their clients are not known.
  public var silent: [String] = []

  /// Creates the list.
  public init(servers: [String: Int] = [:], clients: [ConnectedClient] = []) {
    self.servers = servers
    self.clients = clients
  }

  /// How many there are at all servers.
  public var count: Int { servers.values.reduce(0, +) }

  /// Whether every one of them is listed: a server lists a part of very many, or did not answer.
  public var isComplete: Bool { clients.count >= count && silent.isEmpty }
}
