public import Nkeys

/// One destination of a subject mapping.
public struct WeightedMapping: Hashable, Sendable {
  /// Where messages go.
  public var subject = Subject("")
  /// The percentage of the messages; 0 means all.
  public var weight: UInt8 = 0
  /// The cluster that the mapping is for; empty for all.
  public var cluster = ""
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}

  /// The percentage that counts.
  public var effectiveWeight: Int { weight == 0 ? 100 : Int(weight) }
}

/// An account's own authorization service, reached by messages.
public struct ExternalAuthorization: Hashable, Sendable {
  /// The users of the service; the service is on when there is one.
  public var authUsers: [KeyReference] = []
  /// The accounts that it may place users in; `*` for all.
  public var allowedAccounts: [KeyReference] = []
  /// The service's curve key, when requests are sealed.
  public var xkey: KeyReference = ""
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// No service.
  public init() {}

  /// Whether the service is on.
  public var isEnabled: Bool { !authUsers.isEmpty }
}

/// Where traces of messages go.
public struct MessageTrace: Hashable, Sendable {
  /// The subject of the traces.
  public var destination = Subject("")
  /// The percentage of the messages; 0 means all.
  public var sampling = 0
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}
}

/// In which account the traffic between the servers of a cluster is sent; any text can be read.
public struct ClusterTraffic: RawRepresentable, Hashable, Sendable {
  /// The text as it is written.
  public var rawValue: String

  /// An account by its text.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// In the system account, said explicitly.
  public static let system = ClusterTraffic(rawValue: "system")
  /// In the account itself.
  public static let owner = ClusterTraffic(rawValue: "owner")
}

extension WeightedMapping: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown, [.member("subject", \.subject, always: true), .member("weight", \.weight), .member("cluster", \.cluster)])
}

extension ExternalAuthorization: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown,
    [.member("auth_users", \.authUsers), .member("allowed_accounts", \.allowedAccounts), .member("xkey", \.xkey)])
}

extension MessageTrace: JSONObject {
  static let layout = JSONLayout<Self>(unknown: \.unknown, [.member("dest", \.destination), .member("sampling", \.sampling)])
}
