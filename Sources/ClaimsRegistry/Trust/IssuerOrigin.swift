import Claims

/// Where the issuer of a found token stands to the trusted operators.
enum IssuerOrigin: Sendable, Equatable {
  /// A key of a trusted operator, which may sign accounts.
  case trusted
  /// The identity key of an operator that demands signing keys.
  case signingKeyRequired
  /// An account's own key.
  case selfSigned
  /// A key that no trusted operator has, but that one may have had: the operator's token was signed after this one, and could have taken the
  /// key out.
  case perhapsFormer
  /// A key of another operator: a key that was taken out cannot have signed after the operator's token that took it out.
  case foreign
  /// No operator is trusted, so nothing can be said.
  case unjudged
}

extension TrustedOperators {
  /// Judges who signed a token that lies in the directory.
  func origin(of claims: Claims) -> IssuerOrigin {
    let trust = current
    guard !trust.operators.isEmpty else { return .unjudged }
    switch trust.standing(of: claims) {
    case .trusted: return .trusted
    case .signingKeyRequired: return .signingKeyRequired
    case .unknown: break
    }
    guard claims.common.iss != claims.common.sub else { return .selfSigned }
    return trust.operators.contains { $0.claims.common.iat >= claims.common.iat } ? .perhapsFormer : .foreign
  }
}
