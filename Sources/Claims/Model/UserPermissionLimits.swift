/// A part of the day in which a user may connect, as two times in the form HH:MM:SS.
public struct TimeRange: Hashable, Sendable {
  /// When it begins.
  public var start = ""
  /// When it ends.
  public var end = ""
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// Both ends empty.
  public init() {}

  /// A range by its ends.
  public init(start: String, end: String) {
    self.start = start
    self.end = end
  }
}

/// Networks in CIDR form. Old claims wrote them as one text with commas.
public struct NetworkList: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The networks.
  public var networks: [String]

  /// A list of networks.
  public init(_ networks: [String]) {
    self.networks = networks
  }

  /// A list by a literal.
  public init(arrayLiteral networks: String...) {
    self.networks = networks
  }

  /// A list of one text with commas: lower case, trimmed, each once, blanks dropped.
  public init(commaSeparated text: String) {
    let parts = GoText.lowercased(text).unicodeScalars.split(separator: ",", omittingEmptySubsequences: false)
    networks = TagList.adding(parts.map { String($0) }, to: [])
  }
}

/// What a user or a scoped signing key's users may do and how much.
///
/// Lists that are nil were absent or null, see `SubjectPermissions`.
public struct UserPermissionLimits: Hashable, Sendable {
  /// What may be published, subscribed to and answered.
  public var permissions = Permissions()
  /// The networks to connect from; none listed means all.
  public var src: NetworkList?
  /// The parts of the day to connect in; none listed means all.
  public var times: [TimeRange]?
  /// The IANA name of the time zone that `times` are in.
  public var timesLocation = ""
  /// How many subscriptions.
  public var subs = Limit.zero
  /// How many bytes.
  public var data = Limit.zero
  /// How many bytes a message.
  public var payload = Limit.zero
  /// Whether the token alone, without a signature by the user's key, lets a client in.
  public var bearerToken = false
  /// Whether the user must come through a proxy.
  public var proxyRequired = false
  /// The kinds of connections; none listed means all.
  public var allowedConnectionTypes: [String]?

  /// Everything empty and zero, as scoped users must have it.
  public init() {}

  /// No limits, as the reference's constructor presets.
  public static let unlimited: UserPermissionLimits = {
    var limits = UserPermissionLimits()
    limits.subs = .unlimited
    limits.data = .unlimited
    limits.payload = .unlimited
    return limits
  }()

  /// Whether nothing is set; an empty list counts as set.
  public var isEmpty: Bool {
    var known = self
    known.permissions.pub.unknown = UnknownMembers()
    known.permissions.sub.unknown = UnknownMembers()
    return known == UserPermissionLimits()
  }
}

extension TimeRange: JSONObject {
  static let layout = JSONLayout<Self>(unknown: \.unknown, [.member("start", \.start), .member("end", \.end)])
}

extension NetworkList: JSONMember {
  init() { networks = [] }

  var isEmptyMember: Bool { networks.isEmpty }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    switch json.kind {
    case .string:
      self = NetworkList(commaSeparated: try json.string())
    default:
      networks = []
      try networks.read(json)
    }
  }

  func write(to json: inout JSONWriter) { networks.write(to: &json) }
}

extension UserPermissionLimits {
  /// The members in their order. They stand directly in the `nats` object of a user and in a scope's template.
  static let fields: [JSONField<UserPermissionLimits>] = [
    .member("pub", \.permissions.pub, always: true), .member("sub", \.permissions.sub, always: true),
    .member("resp", \.permissions.resp), .member("src", \.src), .member("times", \.times), .member("times_location", \.timesLocation),
    .member("subs", \.subs), .member("data", \.data), .member("payload", \.payload), .member("bearer_token", \.bearerToken),
    .member("proxy_required", \.proxyRequired), .member("allowed_connection_types", \.allowedConnectionTypes),
  ]
}
