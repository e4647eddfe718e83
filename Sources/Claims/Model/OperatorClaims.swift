public import Nkeys

/// Claims about an operator.
public struct OperatorClaims: Hashable, Sendable {
  /// The members that all claims share.
  public var common = CommonClaims()
  /// The keys that may sign accounts besides the identity key.
  public var signingKeys: [KeyReference] = []
  /// Where tools push and fetch account claims.
  public var accountServerURL = ""
  /// Where clients connect.
  public var operatorServiceURLs: [String] = []
  /// The system account's key.
  public var systemAccount: KeyReference = ""
  /// The lowest server version that may run with these claims.
  public var assertServerVersion = ""
  /// Whether accounts must be signed by a signing key, not by the identity key.
  public var strictSigningKeyUsage = false
  /// Words to find the claims by.
  public var tags: [String] = []
  /// The kind as it is written.
  public var typeText = ""
  /// The version of the format.
  public var version = 0
  /// Members of the `nats` object that this version does not know.
  public var unknown = UnknownMembers()

  init() {}

  /// Claims about an operator, as the reference's constructor makes them: issued by itself.
  public init(subject: KeyReference) {
    common.sub = subject
    common.iss = subject
  }
}

extension OperatorClaims: ClaimsModel {
  static let type = ClaimType.operator

  private static let old: [JSONField<OperatorClaims>] = [
    .member("signing_keys", \.signingKeys), .member("account_server_url", \.accountServerURL),
    .member("operator_service_urls", \.operatorServiceURLs), .member("system_account", \.systemAccount),
  ]

  static let layout = whole(
    \.common, unknown: \.common.unknown,
    nats: JSONLayout(
      unknown: \.unknown,
      old + [
        .member("assert_server_version", \.assertServerVersion), .member("strict_signing_key_usage", \.strictSigningKeyUsage),
        .member("tags", \.tags), .member("type", \.typeText), .member("version", \.version),
      ]))

  static let layoutV1: JSONLayout<OperatorClaims>? = wholeV1(
    \.common,
    outside: [.member("tags", \.tags), .member("type", \.typeText), .dropped("issuer_account", String.self)],
    nats: old)
}
