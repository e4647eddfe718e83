public import Claims
public import ClaimsStore
import Logging
import Nkeys

/// What brings older tokens back on purpose. Everything but their age is judged as for a push, and every one is in the log under a kind of its
/// own. These are not for the open door.
extension Registry {
  /// Stores account claims although they are not newer than what is stored, or than a deletion.
  ///
  /// The account's mark stays: what was refused before is refused afterwards too.
  ///
  /// - Parameters:
  ///   - token: the token; one trailing line feed is dropped.
  ///   - expected: the account that the request is about, where it names one.
  ///   - requester: who asks.
  /// - Returns: the record, or that the same bytes are stored already.
  /// - Throws: ``Refusal``; then nothing was changed.
  public func acceptOlder(
    _ token: Token, expected: AccountKey? = nil, by requester: Requester
  ) async throws(Refusal) -> Verdict {
    let token = token.withoutTrailingLineFeed
    return try await recalling(.acceptOlder, requester) {
      let admitted = try admission.examine(token, expected: expected, now: clock.seconds)
      let proposal = Proposal(subject: admitted.account) { [self] current, log in
        let freshness = Freshness(iat: admitted.verified.claims.common.iat, digest: token.digest)
        let judgement = try freshness.judge(admitted, after: current, in: log)
        if judgement == .unchanged { return .unchanged }
        return change(.acceptOlder, admitted, token, current: current, judgement: judgement, requester)
      }
      return try await store.submit(proposal)
    }
  }

  /// Brings back the token that a deletion removed.
  ///
  /// - Parameters:
  ///   - account: the deleted account.
  ///   - requester: who asks.
  /// - Returns: the record.
  /// - Throws: ``Refusal``; then nothing was changed.
  public func undelete(_ account: AccountKey, by requester: Requester) async throws(Refusal) -> Verdict {
    try await recalling(.restore, requester) {
      guard let entry = store.index.entry(of: account.raw) else {
        throw Refusal(.unknownAccount, "no matching account JWT: \(account) was never stored here")
      }
      guard entry.isDeleted else { throw Refusal(.notDeleted, "the account \(account) is not deleted") }
      let token = try await removedToken(of: account)
      let admitted = try admission.examine(token, expected: account, now: clock.seconds)
      let proposal = Proposal(subject: account) { [self] current, log in
        guard let current, current.isDeleted, try log.newestToken(of: account)?.change.digest == token.digest else {
          return .refuse(Refusal(.notDeleted, "the account \(account) changed meanwhile: look at it and try again"))
        }
        return change(.restore, admitted, token, current: current, judgement: .removed, requester)
      }
      return try await store.submit(proposal)
    }
  }

  private func removedToken(of account: AccountKey) async throws -> Token {
    guard let removed = try await versions(of: account, limit: 1).first else {
      throw Refusal(.unknownAccount, "the log holds no token of \(account): push one that is newer than the deletion")
    }
    guard let token = removed.change.token else {
      throw Refusal(
        .unknownAccount, "the log has given up the bytes of the token that was removed: push one that is newer than the deletion")
    }
    return token
  }

  private func change(
    _ kind: ChangeKind, _ admitted: Admission.Admitted, _ token: Token, current: AccountEntry?, judgement: Freshness.Judgement,
    _ requester: Requester
  ) -> Proposal.Decision {
    let owner: String
    do throws(Refusal) {
      // The trust may have changed since the token was examined.
      owner = try admission.owner(after: admitted, current: current, index: store.index)
    } catch {
      return .refuse(error)
    }
    let common = admitted.verified.claims.common
    var kind = kind
    var generation = current.map { Freshness.generationOnPurpose(after: $0) } ?? 0
    if case .store(let fresh) = judgement { (kind, generation) = (.put, fresh) }
    return .append(
      Change(
        time: clock.milliseconds(), kind: kind, subject: admitted.account, token: token, digest: token.digest, jti: common.jti,
        iat: max(common.iat, current?.iat ?? common.iat), generation: generation, expires: common.exp, issuer: common.iss.text,
        actor: requester.description, owner: owner))
  }

  private func recalling(
    _ kind: ChangeKind, _ requester: Requester, _ body: () async throws -> Verdict
  ) async throws(Refusal) -> Verdict {
    do {
      try requireWritable()
      let verdict = try await body()
      if case .committed(let record) = verdict {
        metrics.pushed("stored")
        logger.notice(
          "older claims are accepted on purpose",
          metadata: [
            "account": "\(record.change.subject)", "kind": "\(record.change.kind.name)", "jti": "\(PlainText.line(record.change.jti))",
            "mark": "\(record.change.iat)", "issuer": "\(record.change.issuer)", "actor": "\(requester)",
          ])
      }
      return verdict
    } catch let refusal as Refusal {
      metrics.pushed(refusal.code.name)
      logger.info(
        "older claims refused",
        metadata: [
          "kind": "\(kind.name)", "actor": "\(requester)", "result": "\(refusal.code)", "reason": "\(PlainText.line(refusal.message))",
        ])
      throw refusal
    } catch {
      logger.error("older claims could not be stored", metadata: ["kind": "\(kind.name)", "actor": "\(requester)", "error": "\(error)"])
      throw (error as? StoreError).map { Refusal($0) } ?? Refusal(.unavailable, "the claims could not be stored: try again in a moment")
    }
  }
}
