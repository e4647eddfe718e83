public import Nkeys

/// Claims about an account.
public struct AccountClaims: Hashable, Sendable {
  /// The members that all claims share.
  public var common = CommonClaims()
  /// What the account takes from others; nil is an entry that was null, which validation refuses.
  public var imports: [Import?] = []
  /// What the account gives to others; nil is an entry that was null, which validation refuses.
  public var exports: [Export?] = []
  /// How much the account may have and use.
  public var limits = AccountLimits()
  /// The keys that may sign users and activations besides the identity key.
  public var signingKeys = SigningKeys()
  /// Users whose claims are revoked.
  public var revocations = Revocations()
  /// What users without permissions of their own may do.
  public var defaultPermissions = Permissions()
  /// Where messages go instead of the subject they were sent to.
  public var mappings: ClaimsMap<[WeightedMapping]?> = [:]
  /// An authorization service of the account's own.
  public var authorization = ExternalAuthorization()
  /// Where message traces go; nil when there are none.
  public var trace: MessageTrace?
  /// In which account the traffic between the servers of a cluster is sent.
  public var clusterTraffic = ClusterTraffic(rawValue: "")
  /// A text for people.
  public var description = ""
  /// Where people read more.
  public var infoURL = ""
  /// Words to find the claims by.
  public var tags: [String] = []
  /// The kind as it is written.
  public var typeText = ""
  /// The version of the format.
  public var version = 0
  /// Members of the `nats` object that this version does not know.
  public var unknown = UnknownMembers()

  init() {}

  /// Claims about an account, as the reference's constructor makes them.
  public init(subject: KeyReference) {
    common.sub = subject
    limits = .standard
  }
}

extension AccountClaims: ClaimsModel {
  static let type = ClaimType.account

  static let layout = whole(
    \.common, unknown: \.common.unknown,
    nats: JSONLayout(
      unknown: \.unknown,
      [
        .member("imports", \.imports), .member("exports", \.exports), .member("limits", \.limits, always: true),
        .member("signing_keys", \.signingKeys), .member("revocations", \.revocations),
        .member("default_permissions", \.defaultPermissions, always: true), .member("mappings", \.mappings),
        .member("authorization", \.authorization, always: true), .member("trace", \.trace),
        .member("cluster_traffic", \.clusterTraffic.rawValue), .member("description", \.description), .member("info_url", \.infoURL),
        .member("tags", \.tags), .member("type", \.typeText), .member("version", \.version),
      ]))

  /// Version 1 had plain signing keys only, and none of what came later.
  static let layoutV1: JSONLayout<AccountClaims>? = wholeV1(
    \.common,
    outside: [.member("tags", \.tags), .member("type", \.typeText), .dropped("issuer_account", String.self)],
    nats: [
      .member("imports", \.imports), .member("exports", \.exports), limitsV1, signingKeysV1, .member("revocations", \.revocations),
    ])

  private static let limitsV1 = JSONField<AccountClaims>(
    name: "limits", isOmitted: { _ in false }, isAbsent: { _ in false },
    read: { (claims, json) throws(ClaimsError) in try AccountLimits.layoutV1.read(json, into: &claims.limits) },
    write: { _, _ in })

  private static let signingKeysV1 = JSONField<AccountClaims>(
    name: "signing_keys", isOmitted: { _ in false }, isAbsent: { _ in false },
    read: { (claims, json) throws(ClaimsError) in
      var keys: [String] = []
      try keys.read(json)
      claims.signingKeys = SigningKeys(ClaimsMap(keys.map { ($0, .plain) }))
    },
    write: { _, _ in })
}
