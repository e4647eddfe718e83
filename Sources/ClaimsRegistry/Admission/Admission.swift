import Claims
import ClaimsStore
import Nkeys

/// The judgement of a pushed token by its content, the trust and the time. Freshness, which needs the store, follows in the transaction.
///
/// Cheap refusals come first; the signature is checked only for an issuer that is trusted.
struct Admission: Sendable {
  let trust: Trust
  let policy: AdmissionPolicy

  /// Account claims that may be stored if they are fresh.
  struct Admitted: Sendable {
    let account: AccountKey
    let verified: VerifiedClaims
    /// Other texts of the same signed content (see `DecodedToken.aliases`).
    let aliases: [TokenDigest]
    let version: Int
  }

  /// Judges a token at `now`, in seconds since 1970. `expected` is the account that the request is about, where it names one.
  func examine(_ token: Token, expected: AccountKey?, now: Int64) throws(Refusal) -> Admitted {
    let decoded = try decode(token)
    let claims = decoded.claims
    guard case .account = claims else {
      throw Refusal(.badToken, "bad JWT in request: an account token is expected, this is a token of type \(claims.type.rawValue)")
    }
    let account = try subject(of: claims, expected: expected)
    try checkIssuer(of: claims)
    let verified = try verify(decoded)
    try checkForm(of: verified, version: claims.version)
    try checkTimes(of: claims, now: now)
    try checkIssues(of: claims, now: now)
    return Admitted(account: account, verified: verified, aliases: decoded.aliases.map(\.digest), version: claims.version)
  }

  /// Whose the account is after admitted claims are stored, by this trust, which may be another than the one that admitted them.
  func owner(after admitted: Admitted, current: AccountEntry?, index: AccountIndex) throws(Refusal) -> String {
    let claims = admitted.verified.claims
    let signers = trust.signers(of: claims)
    if signers.isEmpty { try checkIssuer(of: claims) }
    return try Ownership(trust: trust, index: index).settle(admitted.account, current: current, signers: signers)
  }

  func decode(_ token: Token) throws(Refusal) -> DecodedToken {
    guard token.bytes.count <= Token.maximumSize else {
      throw Refusal(.tooLarge, "the token has \(token.bytes.count) bytes, the largest allowed has \(Token.maximumSize)")
    }
    do {
      return try DecodedToken.decode(token)
    } catch {
      throw Refusal(.badToken, "bad JWT in request: \(error.message)")
    }
  }

  func verify(_ decoded: DecodedToken) throws(Refusal) -> VerifiedClaims {
    do {
      return try decoded.verify()
    } catch {
      throw Refusal(.badToken, "bad JWT in request: \(error.message)")
    }
  }

  func subject(of claims: Claims, expected: AccountKey?) throws(Refusal) -> AccountKey {
    let subject = claims.common.sub.text
    let account: AccountKey
    do {
      account = try AccountKey(subject)
    } catch {
      if let expected { throw Self.mismatch(subject, expected) }
      throw Refusal(.wrongSubject, "pub keys don't match: the token's subject \(Self.shown(subject)) is no account key: \(error.message)")
    }
    if let expected, account != expected { throw Self.mismatch(subject, expected) }
    return account
  }

  private static func mismatch(_ subject: String, _ expected: AccountKey) -> Refusal {
    Refusal(.wrongSubject, "pub keys don't match: the request is about \(expected), the token about \(shown(subject))")
  }

  private func checkIssuer(of claims: Claims) throws(Refusal) {
    let issuer = claims.common.iss.text
    switch trust.standing(of: claims) {
    case .trusted:
      return
    case .signingKeyRequired:
      throw Refusal(
        .signingKeyRequired,
        "untrusted issuer in request: the operator \(Self.shown(issuer)) demands that accounts are signed by one of its signing keys, not by its identity key"
      )
    case .unknown where claims.common.isSelfSigned:
      throw Refusal(.selfSigned, "Signing service not enabled: the token is signed by the account itself; have the operator sign it")
    case .unknown where issuer.hasPrefix("A"):
      throw Refusal(
        .wrongIssuer, "Bad JWT Issuer in request: \(Self.shown(issuer)) is an account key; an operator must sign account claims")
    case .unknown:
      throw Refusal(
        .untrustedIssuer, "untrusted issuer in request: \(Self.shown(issuer)) is neither a trusted operator nor one of its signing keys")
    }
  }

  func checkForm(of verified: VerifiedClaims, version: Int) throws(Refusal) {
    if let violation = verified.strictness.first {
      throw Refusal(.notStrict, "bad JWT in request: strictness: \(violation.rule.rawValue): \(violation.detail)")
    }
    guard version > 1 || policy.allowsVersion1 else {
      throw Refusal(.version1, "bad JWT in request: a token of version 1 is not accepted here; sign the claims again with a tool of today")
    }
  }

  func checkTimes(of claims: Claims, now: Int64) throws(Refusal) {
    let iat = claims.common.iat
    guard !policy.isAhead(iat, at: now) else {
      throw Refusal(
        .fromTheFuture,
        "the token was issued at \(iat) (\(Timestamp.text(iat))), but the clock here says \(now) (\(Timestamp.text(now))): "
          + "set the clocks right and sign the claims again")
    }
  }

  func checkIssues(of claims: Claims, now: Int64) throws(Refusal) {
    let issues = claims.issues(at: now).filter { $0.blocking || $0.level == .time }
    if !issues.isEmpty { throw Refusal(issues: issues.map(\.description), of: claims.type) }
  }

  /// A key from a token as an error may show it: keys are short, anything longer is cut.
  static func shown(_ key: String) -> String { PlainText.line(key, limit: 64) }
}
