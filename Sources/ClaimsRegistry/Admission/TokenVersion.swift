public import Claims

/// An account's state as servers compare it with each other's: the total order by (`iat`, generation, digest), tombstones included.
///
/// A server that merges another's state takes the greater of both. That is commutative, associative and idempotent, so that servers which
/// exchanged their states in any order, any number of times, hold the same; and since the mark is the greatest part of the order, a merge never
/// takes an account back behind it.
public struct TokenVersion: Sendable, Hashable, Comparable {
  /// The account's mark, in seconds since 1970.
  public let iat: Int64
  /// The generation within that mark; 0 for what comes from a peer that knows none.
  public let generation: Int64
  /// SHA-256 of the token, or of the delete claim of a tombstone.
  public let digest: TokenDigest
  /// Whether the account is deleted.
  public let isDeleted: Bool

  /// Names a state.
  public init(iat: Int64, generation: Int64, digest: TokenDigest, isDeleted: Bool) {
    self.iat = iat
    self.generation = generation
    self.digest = digest
    self.isDeleted = isDeleted
  }

  /// The older state first.
  public static func < (left: TokenVersion, right: TokenVersion) -> Bool {
    if left.iat != right.iat { return left.iat < right.iat }
    if left.generation != right.generation { return left.generation < right.generation }
    if left.digest != right.digest { return left.digest.bytes.lexicographicallyPrecedes(right.digest.bytes) }
    // The same bytes as a token and as a tombstone do not happen; the order is total all the same.
    return !left.isDeleted && right.isDeleted
  }

  /// The state of two servers after they exchanged theirs.
  public func merged(with other: TokenVersion) -> TokenVersion { max(self, other) }
}
