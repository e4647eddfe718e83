import Claims
import ClaimsStore
import Nkeys

/// Claims that an account signed itself, and that are good but for the operator's signature.
struct SelfSignedClaims: Sendable {
  let token: Token
  let account: AccountKey
  let claims: AccountClaims

  /// The claims as an operator's key signs them.
  ///
  /// What an operator grants is not for the account to say: limits stay as they are stored, and the claims end no later than those do. An account
  /// that is new has the limits that the reference gives to a new one. The issue time stays the account's own, so that an old token of its own
  /// can be replayed as little as one of the operator's.
  func signed(by signer: some ClaimsSigner, after stored: AccountClaims?) throws(ClaimsError) -> Token {
    var claims = claims
    claims.limits = stored?.limits ?? AccountClaims(subject: claims.common.sub).limits
    if let end = stored?.common.exp, end > 0 { claims.common.exp = claims.common.exp > 0 ? min(claims.common.exp, end) : end }
    return try claims.signed(by: signer, at: claims.common.iat)
  }
}

extension Admission {
  /// Judges claims that an account signed itself, at `now` in seconds since 1970: all that is asked of a token but an operator's signature.
  func examineSelfSigned(_ token: Token, expected: AccountKey?, now: Int64) throws(Refusal) -> SelfSignedClaims {
    let decoded = try decode(token)
    let account = try subject(of: decoded.claims, expected: expected)
    guard case .account(let claims) = decoded.claims, claims.common.isSelfSigned else {
      throw Refusal(.wrongIssuer, "Bad JWT Issuer in request: only claims that the account itself signed are signed here")
    }
    let verified = try verify(decoded)
    try checkForm(of: verified, version: claims.version)
    try checkTimes(of: decoded.claims, now: now)
    try checkIssues(of: decoded.claims, now: now)
    return SelfSignedClaims(token: token, account: account, claims: claims)
  }
}
