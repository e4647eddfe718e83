/// What may be published or subscribed to.
///
/// A list that is nil was absent or null; an empty list was there. The difference counts only for scoped users, which must not set
/// permissions at all.
public struct SubjectPermissions: Hashable, Sendable {
  /// The subjects that are allowed; none listed means all.
  public var allow: [Subject]?
  /// The subjects that are denied.
  public var deny: [Subject]?
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// No lists.
  public init() {}

  /// Lists of allowed and denied subjects.
  public init(allow: [Subject]? = nil, deny: [Subject]? = nil) {
    self.allow = allow
    self.deny = deny
  }
}

/// How a user may answer requests.
public struct ResponsePermissions: Hashable, Sendable {
  /// How many answers to one request.
  public var maximum = 0
  /// How long after the request.
  public var ttl = ClaimsDuration(nanoseconds: 0)
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// All members empty.
  public init() {}
}

/// What a connection may publish, subscribe to and answer.
public struct Permissions: Hashable, Sendable {
  /// For publishing.
  public var pub = SubjectPermissions()
  /// For subscribing; a subject may be followed by a blank and a queue.
  public var sub = SubjectPermissions()
  /// For answers; nil when not set.
  public var resp: ResponsePermissions?
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// No restrictions.
  public init() {}
}

extension SubjectPermissions: JSONObject {
  static let layout = JSONLayout<Self>(unknown: \.unknown, [.member("allow", \.allow), .member("deny", \.deny)])
}

extension ResponsePermissions: JSONObject {
  static let layout = JSONLayout<Self>(unknown: \.unknown, [.member("max", \.maximum, always: true), .member("ttl", \.ttl, always: true)])
}

extension Permissions: JSONObject {
  static let layout = JSONLayout<Self>(
    unknown: \.unknown, [.member("pub", \.pub, always: true), .member("sub", \.sub, always: true), .member("resp", \.resp)])
}
