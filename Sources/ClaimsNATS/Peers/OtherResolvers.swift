import Claims

/// Whether other resolvers are asked for an account that one has newer than it is here: of several, one sends its pack, and may be the one that missed
/// something. Where only one answers, the others of a round are not asked for. Pure.
struct OtherResolvers: Sendable {
  /// Whether several may answer, as far as is known in this round.
  private(set) var areAsked = true

  /// A round begins.
  mutating func begin() { areAsked = true }

  /// So many answered. A resolver that does not have the account says so by an empty message; we say nothing of one that is not stored, and answer too
  /// when it is.
  mutating func answered(_ count: Int, isStored: Bool) {
    if !isStored, count < 2 { areAsked = false }
  }

  /// The tokens in the order in which they are tried, the newest first: what is taken is announced, and resolvers take whatever is announced. Those that
  /// cannot be read come last.
  static func inOrder(_ tokens: [Token]) -> [Token] {
    tokens.map { (token: $0, iat: $0.unverified?.iat ?? .min) }.sorted { $0.iat > $1.iat }.map(\.token)
  }
}
