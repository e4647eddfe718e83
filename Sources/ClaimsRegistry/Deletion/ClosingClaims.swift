public import Claims
import ClaimsStore
import Nkeys

/// Account claims that let nobody in and are over soon. A nats-server that resolves accounts by URL cannot be told of a deletion; these it
/// takes as an update: it drops the account's clients, and asks again, in vain, once they are over.
public struct ClosingClaims: Sendable {
  /// The claims.
  public let token: Token
  let account: AccountKey
  let jti: String
  let issuer: String
  let expires: Int64

  /// How long they hold when they are signed just before they are announced, in seconds: long enough for clocks that disagree a little.
  static let lifetime: Int64 = 60
  /// What must be left of that when they are announced, in seconds.
  static let leastLeft: Int64 = 15
  /// How long they hold when whoever signs them cannot sign them again, in seconds: NATS may be away for a while.
  public static let longLifetime: Int64 = 3600

  /// Signs closing claims. Nothing is allowed in them: what is not said is zero.
  ///
  /// - Parameters:
  ///   - account: the account.
  ///   - iat: their time of issue, which must be that of the delete claim.
  ///   - expires: when they are over, in seconds since 1970.
  ///   - signer: a key that may sign accounts of the operator.
  /// - Throws: `ClaimsError` when the key cannot sign accounts.
  public init(of account: AccountKey, iat: Int64, expires: Int64, signer: some ClaimsSigner) throws(ClaimsError) {
    var claims = AccountClaims(subject: KeyReference(account.publicKey))
    claims.limits = AccountLimits()
    claims.common.exp = expires
    let token = try claims.signed(by: signer, at: iat)
    self.token = token
    self.account = account
    self.expires = expires
    jti = try DecodedToken.decode(token).claims.common.jti
    issuer = signer.publicKey.text
  }

  /// Takes closing claims that came with a delete claim.
  ///
  /// Their time of issue is that of the delete claim: they come after everything that it removes, and before whatever brings the account back.
  init(
    _ token: Token, of account: AccountKey, owner: String, with claim: DeleteClaim, admission: Admission, now: Int64
  ) throws(Refusal) {
    let admitted = try admission.examine(token, expected: account, now: now)
    let claims = admitted.verified.claims
    guard let limits = claims.account?.limits, limits.connections == .zero, limits.leafNodes == .zero else {
      throw Refusal(.badToken, "the closing claims behind the delete claim let clients in: limits.conn and limits.leaf must be 0")
    }
    guard owner.isEmpty || admission.trust.operators.contains(where: { $0.key == owner && $0.claims.didSign(claims) }) else {
      throw Refusal(
        .untrustedIssuer, "the closing claims behind the delete claim are signed by another operator than the account's, \(owner)")
    }
    let latest = admission.policy.latest(at: now + Self.longLifetime)
    guard claims.common.exp > 0, claims.common.exp <= latest else {
      throw Refusal(
        .badToken, "the closing claims behind the delete claim must end soon: give them an exp of at most \(Timestamp.text(latest))")
    }
    guard claims.common.iat == claim.iat else {
      throw Refusal(
        .badToken, "the closing claims were issued at \(claims.common.iat), the delete claim at \(claim.iat): sign both for the same second"
      )
    }
    self.token = token
    self.account = account
    jti = claims.common.jti
    issuer = claims.common.iss.text
    expires = claims.common.exp
  }

  /// Whether claims have the form of closing claims at `now`, in seconds since 1970: nobody is let in, and they are over within two hours.
  ///
  /// Such claims that come from elsewhere are part of a deletion, and are not to be stored as a version of the account: the deletion itself comes
  /// with its claim.
  public static func areClosing(_ claims: AccountClaims, at now: Int64) -> Bool {
    let end = claims.common.exp
    return claims.limits.connections == .zero && claims.limits.leafNodes == .zero && end > 0 && end <= now + 2 * longLifetime
  }

  /// The change that stores them.
  func change(time: Int64, iat: Int64, generation: Int64, actor: String, owner: String) -> Change {
    Change(
      time: time, kind: .close, subject: account, token: token, digest: token.digest, jti: jti, iat: iat, generation: generation,
      expires: expires, issuer: issuer, actor: actor, owner: owner)
  }
}
