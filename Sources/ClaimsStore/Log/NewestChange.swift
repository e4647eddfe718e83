public import Claims

/// What the log knows of an account's newest change without its token: what the index is built from at the start.
public struct NewestChange: Sendable, Hashable {
  /// The record's number.
  public let sequence: Int64
  /// When the change was accepted, in milliseconds since 1970.
  public let time: Int64
  /// What it did.
  public let kind: ChangeKind
  /// The account.
  public let subject: AccountKey
  /// SHA-256 of the token.
  public let digest: TokenDigest
  /// The account's mark, in seconds since 1970.
  public let iat: Int64
  /// The change's place among those of the same mark.
  public let generation: Int64
  /// The token's `exp`, in seconds since 1970; 0 for never.
  public let expires: Int64
  /// Who signed the token.
  public let issuer: String
  /// The operator that the account belongs to; empty when that is not known.
  public let owner: String
  /// The token's bytes.
  public let size: Int

  /// Creates what is known.
  public init(
    sequence: Int64, time: Int64, kind: ChangeKind, subject: AccountKey, digest: TokenDigest, iat: Int64, generation: Int64, expires: Int64,
    issuer: String, owner: String, size: Int
  ) {
    self.sequence = sequence
    self.time = time
    self.kind = kind
    self.subject = subject
    self.digest = digest
    self.iat = iat
    self.generation = generation
    self.expires = expires
    self.issuer = issuer
    self.owner = owner
    self.size = size
  }

  /// What a record leaves behind.
  public init(_ record: ChangeRecord) {
    let change = record.change
    self.init(
      sequence: record.sequence, time: change.time, kind: change.kind, subject: change.subject, digest: change.digest, iat: change.iat,
      generation: change.generation, expires: change.expires, issuer: change.issuer, owner: change.owner,
      size: change.token?.bytes.count ?? 0)
  }
}
