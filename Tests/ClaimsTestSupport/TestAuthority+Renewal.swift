public import Claims
public import Nkeys

extension TestAuthority {
  /// Another token of this operator: issued a while after the first one, unless said otherwise.
  public func renewed(
    after seconds: Int64 = 10, signer: KeyPair? = nil, _ edit: (inout OperatorClaims) -> Void = { _ in }
  ) throws -> Token {
    guard case .operator(var claims) = try VerifiedClaims.decode(token).claims else { throw NoOperator() }
    edit(&claims)
    return try claims.signed(by: signer ?? identity, at: claims.common.iat + seconds)
  }

  /// A token of this operator without its signing key.
  public func withoutSigningKey(after seconds: Int64 = 10) throws -> Token {
    try renewed(after: seconds) { $0.signingKeys = [] }
  }

  private struct NoOperator: Error {}
}
