/// How much an account may have and use.
public struct AccountLimits: Hashable, Sendable {
  /// How many subscriptions.
  public var subs = Limit.zero
  /// How many bytes.
  public var data = Limit.zero
  /// How many bytes a message.
  public var payload = Limit.zero
  /// How many imports.
  public var imports = Limit.zero
  /// How many exports.
  public var exports = Limit.zero
  /// Whether exports may have wildcards.
  public var wildcards = false
  /// Whether bearer tokens are refused.
  public var disallowBearer = false
  /// How many client connections.
  public var connections = Limit.zero
  /// How many leaf node connections.
  public var leafNodes = Limit.zero
  /// JetStream limits without tiers.
  public var jetStream = JetStreamLimits()
  /// JetStream limits by tier; they exclude the ones without.
  public var tiers: ClaimsMap<JetStreamLimits> = [:]
  /// Members that this version does not know.
  public var unknown = UnknownMembers()

  /// Everything zero, as claims without limits read.
  public init() {}

  /// What the reference's constructor presets: no limits, JetStream disabled.
  public static let standard: AccountLimits = {
    var limits = AccountLimits()
    limits.subs = .unlimited
    limits.data = .unlimited
    limits.payload = .unlimited
    limits.imports = .unlimited
    limits.exports = .unlimited
    limits.wildcards = true
    limits.connections = .unlimited
    limits.leafNodes = .unlimited
    return limits
  }()

  /// Whether subscriptions, bytes and message sizes have no limit.
  public var areMessagesUnlimited: Bool { [subs, data, payload].allSatisfy(\.isUnlimited) }

  /// Whether imports, exports and connections have no limit.
  public var isAccountUnlimited: Bool {
    [imports, exports, connections, leafNodes].allSatisfy(\.isUnlimited) && wildcards && !disallowBearer
  }

  /// Whether nothing at all is limited.
  public var isUnlimited: Bool { areMessagesUnlimited && isAccountUnlimited && jetStream.isUnlimited && tiers.isEmpty }

  /// Whether nothing is set.
  public var isEmpty: Bool {
    [subs, data, payload, imports, exports, connections, leafNodes].allSatisfy { $0 == .zero } && !wildcards && !disallowBearer
      && jetStream.isZero && tiers.isEmpty
  }

  /// Whether JetStream can store anything; tiers, when there are any, decide alone.
  public var isJetStreamEnabled: Bool {
    tiers.isEmpty ? jetStream.isEnabled : tiers.values.contains { $0.isEnabled }
  }
}

extension AccountLimits: JSONObject {
  private static let old: [JSONField<AccountLimits>] = [
    .member("subs", \.subs), .member("data", \.data), .member("payload", \.payload), .member("imports", \.imports),
    .member("exports", \.exports), .member("wildcards", \.wildcards), .member("disallow_bearer", \.disallowBearer),
    .member("conn", \.connections), .member("leaf", \.leafNodes),
  ]

  static let layout = JSONLayout<Self>(
    unknown: \.unknown, old + JetStreamLimits.fields.map { $0.lifted(to: \.jetStream) } + [.member("tiered_limits", \.tiers)])

  /// Version 1 knew no JetStream.
  static let layoutV1 = JSONLayout<Self>(old)
}
