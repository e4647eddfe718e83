public import Claims

/// Who signs accounts for an operator elsewhere: the port behind which a program asks.
public protocol SigningService: Sendable {
  /// Asks for the operator's signature on claims that an account signed itself.
  ///
  /// - Parameter token: the account's own token.
  /// - Returns: what the service made of it.
  /// - Throws: ``Refusal`` `unavailable` when nobody answers in time.
  func sign(_ token: Token) async throws(Refusal) -> SigningAnswer
}

/// What a signing service answers.
public enum SigningAnswer: Sendable, Hashable {
  /// The claims with the operator's signature.
  case signed(Token)
  /// Nothing yet, in its own words: somebody must look at it first.
  case pending(String)
}
