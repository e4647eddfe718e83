extension OperatorClaims {
  /// The token of these claims, see `Claims.signed(by:at:)`.
  public func signed(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> Token {
    try Claims.operator(self).signed(by: signer, at: iat)
  }
}

extension AccountClaims {
  /// The token of these claims, see `Claims.signed(by:at:)`.
  public func signed(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> Token {
    try Claims.account(self).signed(by: signer, at: iat)
  }
}

extension UserClaims {
  /// The token of these claims, see `Claims.signed(by:at:)`.
  public func signed(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> Token {
    try Claims.user(self).signed(by: signer, at: iat)
  }
}

extension ActivationClaims {
  /// The token of these claims, see `Claims.signed(by:at:)`.
  public func signed(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> Token {
    try Claims.activation(self).signed(by: signer, at: iat)
  }
}

extension AuthorizationRequestClaims {
  /// The token of these claims, see `Claims.signed(by:at:)`.
  public func signed(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> Token {
    try Claims.authorizationRequest(self).signed(by: signer, at: iat)
  }
}

extension AuthorizationResponseClaims {
  /// The token of these claims, see `Claims.signed(by:at:)`.
  public func signed(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> Token {
    try Claims.authorizationResponse(self).signed(by: signer, at: iat)
  }
}

extension GenericClaims {
  /// The token of these claims, see `Claims.signed(by:at:)`.
  public func signed(by signer: some ClaimsSigner, at iat: Int64) throws(ClaimsError) -> Token {
    try Claims.generic(self).signed(by: signer, at: iat)
  }
}
