public import Claims

/// What another server of ours holds of an account: its token, or the delete claim of its tombstone.
public struct PeerState: Sendable, Hashable {
  /// The account.
  public let account: AccountKey
  /// The account's mark there, in seconds since 1970.
  public let iat: Int64
  /// The generation within that mark; 0 from a peer that knows none.
  public let generation: Int64
  /// Whether the account is deleted there.
  public let isDeleted: Bool
  /// Account claims, or the delete claim.
  public let token: Token

  /// Names a state.
  public init(account: AccountKey, iat: Int64, generation: Int64, isDeleted: Bool, token: Token) {
    self.account = account
    self.iat = iat
    self.generation = generation
    self.isDeleted = isDeleted
    self.token = token
  }

  /// The state in the order of all.
  public var version: TokenVersion { TokenVersion(iat: iat, generation: generation, digest: token.digest, isDeleted: isDeleted) }
}

/// What became of another server's state of an account.
public enum MergeOutcome: Sendable, Hashable {
  /// It is ours now.
  case taken
  /// Ours is as new, or newer.
  case kept
  /// It is none that could be ours.
  case refused(Refusal)
}
