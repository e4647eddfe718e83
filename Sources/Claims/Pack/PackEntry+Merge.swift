extension PackEntry {
  /// What a merge does with an entry.
  public enum MergeDecision: Hashable, Sendable {
    /// The entry's token becomes the stored one.
    case store
    /// The stored token stays.
    case skip
  }

  /// What the reference does with this entry when a token of the account is stored, or none.
  ///
  /// Without a stored token, or over one that cannot be read, anything is stored. Over another the entry is skipped when its `jti` is the same
  /// or its `iat` is smaller. This is the peer's rule, to tell what a full resolver will keep of a pack: our own stores take no token that
  /// admission has not judged. Throws what `VerifiedClaims.decodeGeneric` throws for the entry's token, and `subject` when it is not about
  /// the account.
  public func merged(over stored: Token?) throws(ClaimsError) -> MergeDecision {
    guard let stored else { return .store }
    let new = try VerifiedClaims.decodeGeneric(token).claims.common
    guard let old = stored.readableCommonClaims else { return .store }
    if old.jti.hasSameBytes(as: new.jti) || old.iat > new.iat { return .skip }
    guard new.sub == key else { throw ClaimsError(.subject, "jwt subject nkey and provided nkey do not match") }
    guard old.sub == new.sub else { throw ClaimsError(.subject, "subject of existing and new jwt do not match") }
    return .store
  }
}
