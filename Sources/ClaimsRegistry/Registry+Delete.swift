public import Claims
import ClaimsStore
import Logging
import Nkeys

extension Registry {
  /// Deletes accounts by a delete claim: each account is deleted at most once by the same claim.
  ///
  /// Of several accounts those that cannot be deleted keep nothing from the others.
  ///
  /// - Parameters:
  ///   - token: the delete claim (see nats-server's `$SYS.REQ.CLAIMS.DELETE`).
  ///   - closing: closing claims of one of the accounts, from whoever has a key of the operator; without them they are signed here, if a seed
  ///     is at hand.
  ///   - only: the one account to delete, which the claim must name; nil for all that it names.
  ///   - requester: who asks.
  /// - Returns: what was deleted.
  /// - Throws: ``Refusal`` when nothing was deleted, or when the store failed; the same claim deletes the rest then.
  public func delete(
    _ token: Token, closing: Token? = nil, only: AccountKey? = nil, by requester: Requester
  ) async throws(Refusal) -> [Deletion] {
    do {
      try requireWritable()
      let token = token.withoutTrailingLineFeed
      let claim = try DeleteClaim(token, trust: trust.current, policy: admission.policy, now: clock.seconds)
      if let only, !claim.accounts.contains(only) {
        throw Refusal(.wrongSubject, "the delete claim does not name \(only) in nats.accounts")
      }
      let accounts = only.map { [$0] } ?? claim.accounts
      let given = try closing.map { try givenClosing($0, for: accounts, with: claim) }
      var deletions: [Deletion] = []
      var refusals: [(account: AccountKey, refusal: Refusal)] = []
      for account in accounts {
        do {
          deletions.append(try await delete(account, claim: claim, closing: given, requester: requester))
        } catch let refusal as Refusal {
          refusals.append((account, refusal))
        }
      }
      if deletions.isEmpty, let first = refusals.first { throw first.refusal }
      for (account, refusal) in refusals { note(refusal, of: account, requester: requester) }
      return deletions
    } catch let refusal as Refusal {
      note(refusal, of: only, requester: requester)
      throw refusal
    } catch {
      logger.error("a deletion failed", metadata: ["error": "\(error)", "actor": "\(requester)"])
      metrics.deleted(Refusal.Code.unavailable.name)
      throw (error as? StoreError).map { Refusal($0) } ?? Refusal(.unavailable, "the account could not be deleted: try again in a moment")
    }
  }

  private func givenClosing(_ token: Token, for accounts: [AccountKey], with claim: DeleteClaim) throws(Refusal) -> ClosingClaims {
    let subject = (try? DecodedToken.decode(token))?.claims.common.sub.text
    guard let account = accounts.first(where: { $0.text == subject }) else {
      throw Refusal(.wrongSubject, "the closing claims behind the delete claim are not about an account that is to be deleted")
    }
    let owner = lookup(account).map { store.index.text(of: $0.owner) } ?? ""
    return try ClosingClaims(token, of: account, owner: owner, with: claim, admission: admission, now: clock.seconds)
  }

  private func delete(
    _ account: AccountKey, claim: DeleteClaim, closing given: ClosingClaims?, requester: Requester
  ) async throws -> Deletion {
    let time = clock.milliseconds()
    let index = store.index
    // Signed before the transaction, which must not wait for a file, and only for an account that is there.
    let known = lookup(account).map { index.text(of: $0.owner) }
    let closing =
      given?.account == account
      ? given : known.flatMap { closingClaims(of: account, operatorKey: $0.isEmpty ? claim.issuer : $0, iat: claim.iat) }
    let proposal = Proposal(subject: account) { [trust] current, log in
      let owner: String
      do throws(Refusal) {
        owner = try claim.owner(of: account, current: current, trust: trust.current, index: index)
      } catch {
        return .refuse(error)
      }
      return try claim.judge(
        account, current: current, owner: owner, closing: closing, wasUsed: { try log.contains(claim.digest, for: account) }, time: time,
        requester: requester)
    }
    _ = try await store.submit(proposal)
    held.watch([account])
    metrics.deleted("deleted")
    logger.info(
      "account deleted",
      metadata: [
        "account": "\(account)", "jti": "\(PlainText.line(claim.jti))", "iat": "\(claim.iat)", "issuer": "\(claim.issuer)",
        "actor": "\(requester)", "closing": "\(closing?.issuer ?? "none")", "result": "deleted",
      ])
    return Deletion(account: account, isClosed: closing != nil)
  }

  private func note(_ refusal: Refusal, of account: AccountKey?, requester: Requester) {
    metrics.deleted(refusal.code.name)
    logger.info(
      "deletion refused",
      metadata: [
        "account": "\(account?.text ?? "")", "actor": "\(requester)", "result": "\(refusal.code)",
        "reason": "\(PlainText.line(refusal.message))",
      ])
  }
}
