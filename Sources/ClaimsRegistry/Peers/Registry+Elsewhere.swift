public import Claims
public import ClaimsStore

/// What became of claims that another program was given.
public enum ElsewhereOutcome: Sendable {
  /// They are stored, or were already.
  case stored(Verdict)
  /// They are closing claims, by which another server deletes the account: nothing is stored, the deletion comes by its claim.
  case closing
}

extension Registry {
  /// Takes claims that were sent to nats-servers or resolvers, and not to this server: like a push, but for closing claims.
  ///
  /// - Parameters:
  ///   - token: the token as it was seen.
  ///   - expected: the account that it was seen with; nil where none was named.
  ///   - requester: where it was seen.
  ///   - mayBeSigned: whether claims that the account itself signed are given an operator's signature where that can be had.
  /// - Returns: what became of them.
  /// - Throws: ``Refusal``; then nothing was changed.
  public func pushElsewhere(
    _ token: Token, expected: AccountKey?, by requester: Requester, mayBeSigned: Bool = false
  ) async throws(Refusal) -> ElsewhereOutcome {
    if token.bytes.count <= Token.maximumSize, case .account(let claims)? = try? DecodedToken.decode(token).claims,
      ClosingClaims.areClosing(claims, at: clock.seconds)
    {
      // A forged one is refused like any other.
      _ = try admission.examine(token, expected: expected, now: clock.seconds)
      return .closing
    }
    return .stored(try await push(token, expected: expected, by: requester, mayBeSigned: mayBeSigned))
  }
}
