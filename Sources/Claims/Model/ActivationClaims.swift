public import Nkeys

/// Claims that permit the subject, an account, to import from the issuer.
public struct ActivationClaims: Hashable, Sendable {
  /// The members that all claims share.
  public var common = CommonClaims()
  /// What may be imported.
  public var subject = Subject("")
  /// Whether that is a stream or a service.
  public var kind = ExportKind.unknown
  /// The account's identity key, when one of its signing keys issued the claims.
  public var issuerAccount: KeyReference = ""
  /// Words to find the claims by.
  public var tags: [String] = []
  /// The kind of claims as it is written.
  public var typeText = ""
  /// The version of the format.
  public var version = 0
  /// Members of the `nats` object that this version does not know.
  public var unknown = UnknownMembers()

  /// The account in whose name the activation was issued: it is named where one of its signing keys signed.
  public var exporter: KeyReference { issuerAccount.isEmpty ? common.iss : issuerAccount }

  init() {}

  /// An activation for an account, as the reference's constructor makes it.
  public init(subject: KeyReference) {
    common.sub = subject
  }
}

extension ActivationClaims: ClaimsModel {
  static let type = ClaimType.activation

  static let layout = whole(
    \.common, unknown: \.common.unknown,
    nats: JSONLayout(
      unknown: \.unknown,
      [
        .member("subject", \.subject), .member("kind", \.kind), .member("issuer_account", \.issuerAccount), .member("tags", \.tags),
        .member("type", \.typeText), .member("version", \.version),
      ]))

  /// In version 1 the type inside the `nats` object was the kind of the export.
  static let layoutV1: JSONLayout<ActivationClaims>? = wholeV1(
    \.common,
    outside: [.member("tags", \.tags), .member("type", \.typeText), .member("issuer_account", \.issuerAccount)],
    nats: [
      .member("subject", \.subject), .member("type", \.kind), .dropped("max", Int64.self), .dropped("payload", Int64.self),
      .dropped("src", String.self), .dropped("times", [TimeRange].self),
    ])
}
