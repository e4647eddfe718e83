/// How the connection to the nats-servers stands.
public enum ConnectionStatus: Sendable, Hashable, CustomStringConvertible {
  /// There is no connection, for this reason; it is tried again.
  case disconnected(reason: String)
  /// There is a connection, but nothing can be announced over it, for this reason; it is looked at again from time to time.
  case unusable(reason: String)
  /// There is a connection, and changes are announced.
  case connected(ServerIdentity)

  /// Whether changes can be announced.
  public var isConnected: Bool {
    if case .connected = self { true } else { false }
  }

  /// One line for people.
  public var description: String {
    switch self {
    case .disconnected(let reason): "disconnected: \(reason)"
    case .unusable(let reason): "unusable: \(reason)"
    case .connected(let server): "connected to \(server)"
    }
  }
}

/// The nats-server at the other end.
public struct ServerIdentity: Sendable, Hashable, CustomStringConvertible {
  /// The URL it was reached at, without user and password.
  public let url: String
  /// Its id: the public key it made at its start.
  public let id: String
  /// Its name, once it was heard.
  public var name: String?
  /// Its version, once it was heard.
  public var version: String?

  init(url: String, id: String, name: String? = nil, version: String? = nil) {
    self.url = url
    self.id = id
    self.name = name
    self.version = version
  }

  /// Name, version and URL in one line.
  public var description: String {
    let label = [name, version].compactMap { $0 }.joined(separator: " ")
    return label.isEmpty ? url : "\(label) at \(url)"
  }
}
