public import Nkeys

/// An authorization service's answer: a user's token, or an error.
public struct AuthorizationResponseClaims: Hashable, Sendable {
  /// The members that all claims share.
  public var common = CommonClaims()
  /// The user's token.
  public var jwt = ""
  /// Why the client may not come in.
  public var error = ""
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

  /// An answer, as the reference's constructor makes it.
  public init(subject: KeyReference) {
    common.sub = subject
  }
}

extension AuthorizationResponseClaims: ClaimsModel {
  static let type = ClaimType.authorizationResponse

  static let layout = whole(
    \.common, unknown: \.common.unknown,
    nats: JSONLayout(
      unknown: \.unknown,
      [
        .member("jwt", \.jwt), .member("error", \.error), .member("issuer_account", \.issuerAccount), .member("tags", \.tags),
        .member("type", \.typeText), .member("version", \.version),
      ]))
}
