public import Nkeys

/// One account in a pack: its key as it is written there, and its token. Neither has been checked.
///
/// A pack is what resolvers give each other: a line `key|token` for every account, with a line feed between lines.
public struct PackEntry: Hashable, Sendable {
  /// The account's key, as it is written.
  public let key: KeyReference

  /// The account's token.
  public let token: Token

  /// An entry of its parts.
  public init(key: KeyReference, token: Token) {
    self.key = key
    self.token = token
  }

  /// Whether the token is expired, so that it stays out of the packs of a resolver that indexes its tokens.
  ///
  /// As in the reference, the very second of the expiry is still valid, and a token that cannot be read never expires. `now` is in seconds
  /// since 1970.
  public func isExpired(at now: Int64) -> Bool {
    token.readableCommonClaims?.isExpired(at: now) ?? false
  }
}

extension Token {
  /// The members that all claims share, as the reference's generic decoder reads them; nil when it refuses the token.
  var readableCommonClaims: CommonClaims? {
    do throws(ClaimsError) {
      return try VerifiedClaims.decodeGeneric(self).claims.common
    } catch {
      return nil
    }
  }
}
