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
  var typeText: String { get set }
  var version: Int { get set }
}

extension ClaimsModel {
  static var layoutV1: JSONLayout<Self>? { nil }

  static var emptyV1: Self { Self() }

  /// The whole claims around a `nats` object.
  ///
  /// A type outside the `nats` object, which kinds without a version 1 may have, is read before and dropped: kept and written again, it would
  /// make version 1 of the claims. The paths are given by each kind, because only paths to stored properties are fast.
  static func whole(
    _ common: MemberPath<Self, CommonClaims>, unknown: MemberPath<Self, UnknownMembers>, nats: JSONLayout<Self>
  ) -> JSONLayout<Self> {
    JSONLayout(
      unknown: unknown, CommonClaims.layout.fields.map { $0.lifted(to: common) } + [.dropped("type", String.self), .object("nats", nats)])
  }

  /// The whole claims of version 1, which had tags and type outside the `nats` object and whose unknown members are dropped.
  static func wholeV1(
    _ common: MemberPath<Self, CommonClaims>, outside: [JSONField<Self>], nats: [JSONField<Self>]
  ) -> JSONLayout<Self> {
    JSONLayout(CommonClaims.layout.fields.map { $0.lifted(to: common) } + outside + [.object("nats", JSONLayout(nats))])
  }
}
