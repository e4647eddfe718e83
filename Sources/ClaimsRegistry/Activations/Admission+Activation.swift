import Claims
import ClaimsStore
import Nkeys

extension Admission {
  /// An activation that may be stored if it is fresh.
  struct AdmittedActivation: Sendable {
    let hash: ActivationHash
    /// Who may import.
    let account: AccountKey
    /// Who grants it.
    let exporter: AccountKey
    let common: CommonClaims
    /// Other texts of the same signed content (see `DecodedToken.aliases`).
    let aliases: [TokenDigest]
  }

  /// The most bytes of an activation: it says one subject.
  static let largestActivation = 64 << 10

  /// Judges an activation at `now`, in seconds since 1970.
  ///
  /// - Parameters:
  ///   - token: the activation.
  ///   - now: the time.
  ///   - exporter: the claims of an account that is known here; nil for others.
  /// - Returns: what was admitted.
  /// - Throws: ``Refusal``.
  func examineActivation(
    _ token: Token, now: Int64, exporter: (AccountKey) throws(Refusal) -> AccountClaims?
  ) throws(Refusal) -> AdmittedActivation {
    guard token.bytes.count <= Self.largestActivation else {
      throw Refusal(.tooLarge, "the activation has \(token.bytes.count) bytes, the largest allowed has \(Self.largestActivation)")
    }
    let decoded = try decode(token)
    let claims = decoded.claims
    guard case .activation(let activation) = claims else {
      throw Refusal(
        .badToken, "bad activation JWT in request: an activation token is expected, this is a token of type \(claims.type.rawValue)")
    }
    let account = try subject(of: claims, expected: nil)
    let issuer = try issuingAccount(of: activation)
    guard let known = try exporter(issuer) else {
      throw Refusal(
        .untrustedIssuer,
        "untrusted issuer in request: the account \(issuer), which grants the activation, is not known here: push its claims first")
    }
    guard known.didSign(claims) else {
      throw Refusal(
        .untrustedIssuer,
        "untrusted issuer in request: \(Self.shown(activation.common.iss.text)) is no signing key of the account \(issuer)")
    }
    let verified = try verify(decoded)
    try checkForm(of: verified, version: claims.version)
    try checkTimes(of: claims, now: now)
    try checkIssues(of: claims, now: now)
    return AdmittedActivation(
      hash: try hash(of: activation), account: account, exporter: issuer, common: activation.common,
      aliases: decoded.aliases.map(\.digest))
  }

  /// The account in whose name an activation was issued.
  private func issuingAccount(of activation: ActivationClaims) throws(Refusal) -> AccountKey {
    do {
      return try AccountKey(activation.exporter)
    } catch {
      throw Refusal(
        .wrongIssuer,
        "Bad JWT Issuer in request: an account must grant an activation, \(Self.shown(activation.exporter.text)) is none: \(error.message)")
    }
  }

  private func hash(of activation: ActivationClaims) throws(Refusal) -> ActivationHash {
    do {
      return try activation.activationHash()
    } catch {
      throw Refusal(.invalidClaims, "bad activation JWT in request: \(error.message)\n")
    }
  }
}
