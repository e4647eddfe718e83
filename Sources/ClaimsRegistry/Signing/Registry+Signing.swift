public import Claims
public import ClaimsStore
import Logging
import Nkeys

extension Registry {
  /// Whether a push was refused only because an operator's signature is missing that can be had: ``pushSelfSigned(_:expected:by:)`` is for it.
  public func canBeSigned(_ refusal: Refusal) -> Bool { refusal.code == .selfSigned && signing.isEnabled }

  /// Stores claims that an account signed itself, with an operator's signature in place of the account's.
  ///
  /// - Parameters:
  ///   - token: the account's own token; one trailing line feed is dropped.
  ///   - expected: the account that the request is about, where it names one.
  ///   - requester: who asks.
  /// - Returns: the record, or that the same claims are stored already.
  /// - Throws: ``Refusal``; then nothing was changed. `pending` says that a signing service has it and did not sign yet.
  public func pushSelfSigned(_ token: Token, expected: AccountKey?, by requester: Requester) async throws(Refusal) -> Verdict {
    let (signed, judged): (Token, Int64?)
    do throws(Refusal) {
      let own = try admission.examineSelfSigned(token.withoutTrailingLineFeed, expected: expected, now: clock.seconds)
      judged = store.index.bareEntry(of: own.account.raw)?.sequence
      signed = try await self.signed(own)
    } catch {
      refused(error, token: token, requester: requester)
      throw error
    }
    let push = try admit(signed, expected: expected, by: requester.signed, isSigned: true)
    return try await store(push.onlyAfter(judged))
  }

  private func signed(_ own: SelfSignedClaims) async throws(Refusal) -> Token {
    if signing.isLocal { return try signedHere(own) }
    try checkIsNewer(own)
    return try await signedElsewhere(own)
  }

  /// Refuses what could not be stored even with a signature.
  private func checkIsNewer(_ own: SelfSignedClaims) throws(Refusal) {
    let now = clock.seconds
    // A mark ahead of the clock would keep the operator's own tokens and delete claims out.
    guard own.claims.common.iat <= now else {
      throw Refusal(
        .fromTheFuture,
        "the token was issued at \(own.claims.common.iat), but the clock here says \(now): push it again in \(own.claims.common.iat - now) s"
      )
    }
    let entry = store.index.entry(of: own.account.raw)
    if entry?.isDeleted == true {
      throw Refusal(.deleted, "the account \(own.account) was deleted: its operator must sign claims for it to bring it back")
    }
    if let entry, own.claims.common.iat < entry.iat {
      throw Refusal(
        .older,
        "older than the stored claims of \(own.account): this token was issued at \(own.claims.common.iat), the stored one at \(entry.iat): "
          + "pull the account, and make the change again")
    }
  }

  /// The claims with the signature of the account's operator, whose key is at hand.
  func signedHere(_ own: SelfSignedClaims) throws(Refusal) -> Token {
    try checkIsNewer(own)
    let entry = store.index.entry(of: own.account.raw)
    let stored = entry == nil ? nil : try claims(of: own.account)
    if let stored, !trust.all.contains(where: { $0.claims.didSign(.account(stored)) }) {
      throw Refusal(
        .selfSigned,
        "Signing service not enabled: no trusted operator signed what is stored of \(own.account), so nobody knows what it may have; "
          + "have the operator sign it")
    }
    let owners = entry.map { Ownership(trust: trust.current, index: store.index).owners(of: $0) }
    do {
      for trusted in trust.all where owners?.contains(trusted.key) ?? true {
        guard let signer = try signers?.signer(among: trusted.accountSigners) else { continue }
        return try own.signed(by: signer, after: stored)
      }
    } catch {
      logger.error("claims cannot be signed", metadata: ["account": "\(own.account)", "error": "\(error)"])
      throw Refusal(.unavailable, "the claims of \(own.account) cannot be signed now: ask the operator of this server")
    }
    throw Refusal(.selfSigned, "Signing service not enabled: no key of the account's operator is at hand here; have the operator sign it")
  }

  private func signedElsewhere(_ own: SelfSignedClaims) async throws(Refusal) -> Token {
    guard let service = signing.service else { throw Refusal(.selfSigned, "Signing service not enabled: have the operator sign it") }
    switch try await service.sign(own.token) {
    case .signed(let token): return token
    case .pending(let words): throw Refusal(.pending, words.isEmpty ? "the claims wait to be signed" : words)
    }
  }
}
