public import Nkeys

/// Claims about a user.
public struct UserClaims: Hashable, Sendable {
  /// The members that all claims share.
  public var common = CommonClaims()
  /// What the user may do and how much.
  public var limits = UserPermissionLimits()
  /// The account's identity key, when one of its signing keys issued the claims.
  public var issuerAccount: KeyReference = ""
  /// Words to find the claims by.
  public var tags: [String] = []
  /// The kind as it is written.
  public var typeText = ""
  /// The version of the format.
  public var version = 0
  /// Members of the `nats` object that this version does not know.
  public var unknown = UnknownMembers()

  init() {}

  /// Claims about a user without limits, as the reference's constructor makes them.
  public init(subject: KeyReference) {
    common.sub = subject
    limits = .unlimited
  }

  /// Claims about a user whose limits are the signing key's.
  public init(scopedSubject subject: KeyReference) {
    common.sub = subject
  }
}

extension UserClaims: ClaimsModel {
  static let type = ClaimType.user

  private static let limitFields: [JSONField<UserClaims>] = UserPermissionLimits.fields.map { $0.lifted(to: \.limits) }

  static let layout = whole(
    \.common, unknown: \.common.unknown,
    nats: JSONLayout(
      unknown: \.unknown,
      limitFields + [
        .member("issuer_account", \.issuerAccount), .member("tags", \.tags), .member("type", \.typeText), .member("version", \.version),
      ]))

  static let layoutV1: JSONLayout<UserClaims>? = wholeV1(
    \.common,
    outside: [.member("tags", \.tags), .member("type", \.typeText), .member("issuer_account", \.issuerAccount)],
    nats: limitFields.filter { !["proxy_required", "allowed_connection_types"].contains($0.name.description) } + [
      .dropped("max", Int64.self)
    ])

  /// A version 1 user without limits has none.
  static var emptyV1: UserClaims { UserClaims(subject: "") }
}
