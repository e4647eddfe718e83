public import Claims

/// What the store holds of one account now: its newest change, in memory.
public struct AccountEntry: Sendable, Hashable {
  /// The newest record's sequence.
  public let sequence: Int64
  /// When the newest change was accepted, in milliseconds since 1970.
  public let time: Int64
  /// What the newest change was.
  public let kind: ChangeKind
  /// The newest `iat` accepted, in seconds since 1970: the account's mark, which only grows.
  public let iat: Int64
  /// The generation within that second.
  public let generation: Int64
  /// SHA-256 of the newest change's token.
  public let digest: TokenDigest
  /// The token's `exp`, in seconds since 1970; 0 for never.
  public let expires: Int64
  /// The account's token; nil when the account is deleted.
  public let token: Token?

  /// The entry that a record leaves behind.
  public init(_ record: ChangeRecord) {
    let change = record.change
    sequence = record.sequence
    time = change.time
    kind = change.kind
    iat = change.iat
    generation = change.generation
    digest = change.digest
    expires = change.expires
    token = change.kind == .delete ? nil : change.token
  }

  /// Whether the newest change is a tombstone.
  public var isDeleted: Bool { token == nil }

  /// Whether the token's time is over at `now`, in seconds since 1970. The second of `exp` itself is still valid, as in the reference.
  public func isExpired(at now: Int64) -> Bool { expires > 0 && now > expires }
}
