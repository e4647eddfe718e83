public import Claims

/// What the store holds of one account now: its newest change, in memory.
public struct AccountEntry: Sendable, Hashable {
  /// SHA-256 of the newest change's token.
  public let digest: TokenDigest
  /// The newest record's sequence.
  public let sequence: Int64
  /// When the newest change was accepted, in milliseconds since 1970.
  public let time: Int64
  /// The newest `iat` accepted, in seconds since 1970: the account's mark, which only grows.
  public let iat: Int64
  /// The generation within that mark.
  public let generation: Int64
  /// The token's `exp`, in seconds since 1970; 0 for never.
  public let expires: Int64
  /// The account's token; nil when the account is deleted, and when the token is not in memory (see ``Store/token(of:)``).
  public let token: Token?
  /// The token's bytes, counted; those of the delete claim when the account is deleted.
  public let size: UInt32
  /// Who signed the newest change's token; see ``AccountIndex/text(of:)``.
  public let issuer: InternedName
  /// The operator that the account belongs to; its text is empty when that is not known.
  public let owner: InternedName
  /// What the newest change was.
  public let kind: ChangeKind

  /// Whether the newest change is a tombstone.
  public var isDeleted: Bool { kind == .delete }

  /// Whether the token's time is over at `now`, in seconds since 1970. The second of `exp` itself is still valid, as in the reference.
  public func isExpired(at now: Int64) -> Bool { expires > 0 && now > expires }

  init(_ newest: NewestChange, token: Token?, issuer: InternedName, owner: InternedName) {
    sequence = newest.sequence
    time = newest.time
    iat = newest.iat
    generation = newest.generation
    expires = newest.expires
    digest = newest.digest
    self.token = newest.kind == .delete ? nil : token
    size = UInt32(clamping: newest.size)
    self.issuer = issuer
    self.owner = owner
    kind = newest.kind
  }

  init(_ entry: AccountEntry, token: Token?) {
    sequence = entry.sequence
    time = entry.time
    iat = entry.iat
    generation = entry.generation
    expires = entry.expires
    digest = entry.digest
    self.token = token
    size = entry.size
    issuer = entry.issuer
    owner = entry.owner
    kind = entry.kind
  }
}
