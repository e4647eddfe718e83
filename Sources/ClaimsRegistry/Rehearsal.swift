public import Claims
import ClaimsStore
import Nkeys
import Synchronization

/// What a push would do.
public struct Rehearsal: Sendable {
  /// `stored`, `unchanged` or `refused`.
  public let result: String
  /// Why it would be refused.
  public let refusal: Refusal?
  /// What the token says; nil when it is refused for what it is.
  public let claims: Claims?
}

extension Registry {
  /// Says what a push would do, and does not do it: nothing is stored, counted or told to the log.
  ///
  /// - Parameters:
  ///   - token: the token as it would arrive.
  ///   - expected: the account that the push would be about.
  /// - Returns: what would become of it. A signing service is not asked.
  public func rehearse(_ token: Token, expected: AccountKey) async -> Rehearsal {
    var claims: Claims?
    do {
      try requireWritable()
      let push = try rehearsed(token.withoutTrailingLineFeed, expected)
      claims = push.claims
      let isStored = Mutex(false)
      let proposal = Proposal(subject: expected) { current, log in
        switch try push.proposal.decide(current, log) {
        case .refuse(let error): return .refuse(error)
        case .unchanged: break
        case .append, .appendAll, .activate: isStored.withLock { $0 = true }
        }
        return .unchanged
      }
      _ = try await store.submit(proposal)
      return Rehearsal(result: isStored.withLock { $0 } ? "stored" : "unchanged", refusal: nil, claims: claims)
    } catch {
      let refusal =
        error as? Refusal ?? (error as? StoreError).map { Refusal($0) } ?? Refusal(.unavailable, "the store cannot be asked now")
      return Rehearsal(result: "refused", refusal: refusal, claims: claims)
    }
  }

  private func rehearsed(_ token: Token, _ expected: AccountKey) throws(Refusal) -> (proposal: Proposal, claims: Claims) {
    do throws(Refusal) {
      return try examined(token, expected)
    } catch {
      guard canBeSigned(error) else { throw error }
      guard signing.isLocal else { throw Refusal(.pending, "the claims would be sent to the signing service") }
      let own = try admission.examineSelfSigned(token, expected: expected, now: clock.seconds)
      return try examined(try signedHere(own), expected)
    }
  }

  private func examined(_ token: Token, _ expected: AccountKey) throws(Refusal) -> (proposal: Proposal, claims: Claims) {
    let admission = admission
    let admitted = try admission.examine(token, expected: expected, now: clock.seconds)
    return (proposal(admitted, by: admission.policy, token: token, requester: .setup), admitted.verified.claims)
  }
}
