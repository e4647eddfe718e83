import Claims
import ClaimsRegistry

/// What a resolver's token of an account is beside the one that is stored.
enum ResolverVerdict: Sendable, Equatable {
  /// The resolver holds what is stored, or nothing that is ours to judge.
  case same
  /// It holds an account that is not stored here, and is not taken for this reason.
  case foreign(String)
  /// It held something newer, which is stored now.
  case taken
  /// It holds something else than the stored token, which is this.
  case other(TokenDigest)
  /// It holds an account that is deleted here, by this claim.
  case deleted(TokenDigest)

  /// What can be said by the order alone; nil for what may be newer, and must be judged. The issue time is nil when the token cannot be read.
  static func byOrder(_ own: TokenVersion?, digest: TokenDigest, iat: Int64?) -> ResolverVerdict? {
    guard let own else { return nil }
    if !own.isDeleted, own.digest == digest { return .same }
    return iat ?? .min <= own.iat ? unlike(own) : nil
  }

  /// What it is when it was judged, and not taken for this reason. What we do not know and do not take stays the resolver's, and is named.
  static func refused(_ reason: String, own: TokenVersion?) -> ResolverVerdict {
    own.map(unlike) ?? .foreign(reason)
  }

  private static func unlike(_ own: TokenVersion) -> ResolverVerdict { own.isDeleted ? .deleted(own.digest) : .other(own.digest) }
}
