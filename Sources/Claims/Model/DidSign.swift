import Nkeys

extension OperatorClaims {
  /// Whether these claims let their operator have signed the others; the signature itself is checked elsewhere.
  ///
  /// Nothing is never signed. The identity key signs anything, or only the operator's own claims when signing keys are strictly used.
  public func didSign(_ claims: Claims?) -> Bool {
    guard let signed = claims?.common else { return false }
    if signed.iss == common.sub {
      return !strictSigningKeyUsage || signed.sub == common.sub
    }
    return signingKeys.contains(signed.iss)
  }
}

extension AccountClaims {
  /// Whether these claims let their account have signed the others; the signature itself is checked elsewhere.
  ///
  /// The identity key signs anything. A signing key, scoped or not, signs users and activations that name the account.
  public func didSign(_ claims: Claims?) -> Bool {
    guard let claims else { return false }
    if claims.common.iss == common.sub { return true }
    switch claims {
    case .user, .activation:
      return claims.issuerAccount == common.sub && signingKeys.contains(claims.common.iss)
    case .operator, .account, .authorizationRequest, .authorizationResponse, .generic:
      return false
    }
  }

  /// Whether a user's claims are revoked, which missing claims and those without issue time or subject always are.
  public func isRevoked(_ claims: UserClaims?) -> Bool {
    revocations.isRevoked(claims?.common)
  }
}

extension Export {
  /// Whether an activation is revoked, which a missing one and one without issue time or subject always is.
  public func isRevoked(_ claims: ActivationClaims?) -> Bool {
    revocations.isRevoked(claims?.common)
  }
}

extension Revocations {
  fileprivate func isRevoked(_ claims: CommonClaims?) -> Bool {
    guard let claims, claims.iat != 0, !claims.sub.isEmpty else { return true }
    return isRevoked(claims.sub, issuedAt: claims.iat)
  }
}

extension UserScope {
  /// Refuses claims that this scope's key may not have issued. Throws `scope`.
  public func validate(_ claims: Claims?) throws(ClaimsError) {
    guard let user = claims?.user else {
      throw ClaimsError(.scope, "not an user claim - scoped signing key requires user claim")
    }
    guard user.common.iss == key else { throw ClaimsError(.scope, "issuer not the scoped signer") }
    guard user.limits.isEmpty else { throw ClaimsError(.scope, "scoped users require no permissions or limits set") }
  }
}
