/// What a server of the fleet can be asked for.
public enum ServerEndpoint: String, Sendable, Hashable, CaseIterable {
  /// Its settings and figures.
  case varz = "VARZ"
  /// Its connections.
  case connz = "CONNZ"
  /// Its routes to other servers of its cluster.
  case routez = "ROUTEZ"
  /// Its gateways to other clusters.
  case gatewayz = "GATEWAYZ"
  /// Its leaf nodes.
  case leafz = "LEAFZ"
  /// The figures of its subscriptions.
  case subsz = "SUBSZ"
  /// Its accounts.
  case accountz = "ACCOUNTZ"
  /// What its JetStream holds.
  case jsz = "JSZ"
  /// Whether it is well.
  case healthz = "HEALTHZ"
  /// Its figures, as it sends them every ten seconds.
  case statsz = "STATSZ"
  /// Its name and id; servers of version 2.9 do not answer.
  case idz = "IDZ"

  /// Where all servers listen, each of which answers by itself.
  public var fleetSubject: String { "\(Self.pingSubject).\(rawValue)" }

  /// Where one server listens.
  public func subject(of id: String) -> String { "$SYS.REQ.SERVER.\(id).\(rawValue)" }

  /// Where all servers answer with who they are, and their figures.
  public static let pingSubject = "$SYS.REQ.SERVER.PING"
}
