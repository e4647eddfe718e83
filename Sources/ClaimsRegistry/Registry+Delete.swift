public import Claims
import ClaimsStore
import Logging

extension Registry {
  /// Deletes accounts by a delete claim: each account is deleted at most once by the same claim.
  ///
  /// - Parameters:
  ///   - token: the delete claim (see nats-server's `$SYS.REQ.CLAIMS.DELETE`).
  ///   - only: the one account to delete, which the claim must name; nil for all that it names.
  ///   - requester: who asks.
  /// - Returns: the accounts that were deleted.
  /// - Throws: ``Refusal``; for a single account nothing was changed then.
  public func delete(_ token: Token, only: AccountKey? = nil, by requester: Requester) async throws(Refusal) -> [AccountKey] {
    do {
      try requireWritable()
      let token = token.withoutTrailingLineFeed
      let claim = try DeleteClaim(token, trust: trust.current, policy: admission.policy, now: clock.seconds)
      if let only, !claim.accounts.contains(only) {
        throw Refusal(.wrongSubject, "the delete claim does not name \(only) in nats.accounts")
      }
      let accounts = only.map { [$0] } ?? claim.accounts
      for account in accounts { try await delete(account, claim: claim, requester: requester) }
      return accounts
    } catch let refusal as Refusal {
      metrics.deleted(refusal.code.name)
      logger.info(
        "deletion refused",
        metadata: ["actor": "\(requester)", "result": "\(refusal.code)", "reason": "\(PlainText.line(refusal.message))"])
      throw refusal
    } catch {
      logger.error("a deletion failed", metadata: ["error": "\(error)", "actor": "\(requester)"])
      metrics.deleted(Refusal.Code.unavailable.name)
      throw (error as? StoreError).map { Refusal($0) } ?? Refusal(.unavailable, "the account could not be deleted: try again in a moment")
    }
  }

  private func delete(_ account: AccountKey, claim: DeleteClaim, requester: Requester) async throws {
    let time = clock.milliseconds()
    let proposal = Proposal(subject: account) { [trust, index = store.index] current, log in
      let owner: String
      do throws(Refusal) {
        owner = try claim.owner(of: account, current: current, trust: trust.current, index: index)
      } catch {
        return .refuse(error)
      }
      return try claim.judge(
        account, current: current, owner: owner, wasUsed: { try log.contains(claim.digest, for: account) }, time: time, requester: requester
      )
    }
    _ = try await store.submit(proposal)
    metrics.deleted("deleted")
    logger.info(
      "account deleted",
      metadata: [
        "account": "\(account)", "jti": "\(PlainText.line(claim.jti))", "iat": "\(claim.iat)", "issuer": "\(claim.issuer)",
        "actor": "\(requester)",
        "result": "deleted",
      ])
  }
}
