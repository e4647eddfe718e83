/// What a client must show.
public enum AccessRule: String, Sendable, CaseIterable {
  /// Nothing.
  case open
  /// A bearer token.
  case token
  /// A client certificate.
  case certificate
  /// One of the two.
  case either
  /// Nothing from this machine itself, one of the two from others.
  case local
}

/// What clients must show for what.
public struct AccessRules: Sendable, Hashable {
  /// For asking for one account's token.
  public var lookups = AccessRule.open
  /// For storing a token, or having one announced again.
  public var pushes = AccessRule.open
  /// For deleting an account.
  public var deletes = AccessRule.open
  /// For fetching every account's token.
  public var packs = AccessRule.open
  /// For listing accounts and operators, and reading what is known of them.
  public var lists = AccessRule.local
  /// For reading the figures of the program.
  public var metrics = AccessRule.open
}

/// Whether clients show certificates.
public enum ClientCertificates: String, Sendable, CaseIterable {
  /// They are not asked.
  case none
  /// They may show one.
  case optional
  /// They must show one.
  case required
}
