/// Claims of one kind: the shared members, a `nats` object with a layout of its own, and the tail that every such object has.
protocol ClaimsModel: Sendable {
  static var type: ClaimType { get }

  /// The layout of the whole claims, version 2.
  static var layout: JSONLayout<Self> { get }

  /// The layout in which old tools stored them; nil for kinds that version 1 did not have.
  static var layoutV1: JSONLayout<Self>? { get }

  /// What reading begins with: every member empty.
  init()

  /// What reading version 1 begins with.
  static var emptyV1: Self { get }

  var common: CommonClaims { get set }
  var tags: [String] { get set }
  var typeText: String { get set }
  var version: Int { get set }
  var unknown: UnknownMembers { get set }
}

extension ClaimsModel {
  static var layoutV1: JSONLayout<Self>? { nil }

  static var emptyV1: Self { Self() }

  /// The whole claims around a `nats` object.
  static func whole(_ body: [JSONField<Self>]) -> JSONLayout<Self> {
    let tail: [JSONField<Self>] = [.member("tags", \.tags), .member("type", \.typeText), .member("version", \.version)]
    return JSONLayout(unknown: \.common.unknown, top + [.object("nats", JSONLayout(unknown: \.unknown, body + tail))])
  }

  /// The whole claims of version 1, which had tags and type outside the `nats` object and whose unknown members are dropped.
  static func wholeV1(_ body: [JSONField<Self>], issuerAccount: JSONField<Self>? = nil) -> JSONLayout<Self> {
    let outside: [JSONField<Self>] = [
      .member("tags", \.tags), .member("type", \.typeText), issuerAccount ?? .dropped("issuer_account", String.self),
    ]
    return JSONLayout(top + outside + [.object("nats", JSONLayout(body))])
  }

  private static var top: [JSONField<Self>] {
    [
      .member("aud", \.common.aud), .member("exp", \.common.exp), .member("jti", \.common.jti), .member("iat", \.common.iat),
      .member("iss", \.common.iss), .member("name", \.common.name), .member("nbf", \.common.nbf), .member("sub", \.common.sub),
    ]
  }
}
