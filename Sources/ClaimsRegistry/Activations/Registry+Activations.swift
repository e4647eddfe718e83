public import Claims
public import ClaimsStore
import Logging
import Nkeys

/// Activations: tokens by which one account lets another import what it exports.
extension Registry {
  /// The newest activation of a hash; nil when there is none.
  ///
  /// - Throws: ``Refusal`` `unavailable` when the log cannot be read.
  public func activation(_ hash: ActivationHash) throws(Refusal) -> Change? {
    do {
      return try store.log.activation(hash)?.change
    } catch {
      logger.error("an activation cannot be read from the log", metadata: ["activation": "\(hash)", "error": "\(error)"])
      throw Refusal(.unavailable, "the activation \(hash) cannot be read now: try again in a moment")
    }
  }

  /// Stores an activation if it is admitted: decoded, valid, newer than what is stored, and signed by an account that is known here or by one of
  /// its signing keys.
  ///
  /// When this returns, the activation is durable and found by its hash.
  ///
  /// - Parameters:
  ///   - token: the token as it arrived; one trailing line feed is dropped.
  ///   - requester: who asks.
  /// - Returns: what the activation is found by.
  /// - Throws: ``Refusal``; then nothing was changed.
  @discardableResult
  public func pushActivation(_ token: Token, by requester: Requester) async throws(Refusal) -> ActivationHash {
    do {
      try requireWritable()
      let token = token.withoutTrailingLineFeed
      let admitted = try admission.examineActivation(token, now: clock.seconds) { account throws(Refusal) in try claims(of: account) }
      let verdict = try await store.submit(proposal(admitted, token, requester))
      accepted(admitted, verdict, requester)
      return admitted.hash
    } catch let refusal as Refusal {
      metrics.pushed(refusal.code.name)
      logger.info(
        "activation refused",
        metadata: ["actor": "\(requester)", "result": "\(refusal.code)", "reason": "\(PlainText.line(refusal.message))"])
      throw refusal
    } catch {
      logger.error("the store refused an activation", metadata: ["actor": "\(requester)", "error": "\(error)"])
      throw (error as? StoreError).map { Refusal($0) }
        ?? Refusal(.unavailable, "the activation could not be stored: push again in a moment")
    }
  }

  /// The claims that are stored of an account; nil when there are none.
  func claims(of account: AccountKey) throws(Refusal) -> AccountClaims? {
    guard let token = try current(account)?.token else { return nil }
    do {
      return try DecodedToken.decode(token).claims.account
    } catch {
      throw Refusal(.unavailable, "the stored claims of \(account) cannot be read: \(error.message)")
    }
  }

  private func proposal(_ admitted: Admission.AdmittedActivation, _ token: Token, _ requester: Requester) -> Proposal {
    let freshness = Freshness(iat: admitted.common.iat, digest: token.digest)
    let time = clock.milliseconds()
    // A record of whoever grants it: the history of the other account is not for it to fill.
    return Proposal(subject: admitted.exporter) { _, log in
      let judgement = try freshness.judge(admitted, in: log)
      if let refusal = freshness.refusal(judgement, of: admitted.hash) { return .refuse(refusal) }
      guard case .store(let generation) = judgement else { return .unchanged }
      let common = admitted.common
      return .activate(
        Change(
          time: time, kind: .activation, subject: admitted.exporter, token: token, digest: freshness.digest, jti: common.jti,
          iat: common.iat, generation: generation, expires: common.exp, issuer: common.iss.text, actor: requester.description),
        as: admitted.hash)
    }
  }

  private func accepted(_ admitted: Admission.AdmittedActivation, _ verdict: Verdict, _ requester: Requester) {
    let result =
      switch verdict {
      case .committed: RegistryMetrics.storedResult
      case .unchanged: "unchanged"
      }
    metrics.pushed(result)
    logger.info(
      "activation accepted",
      metadata: [
        "activation": "\(admitted.hash)", "account": "\(admitted.account)", "exporter": "\(admitted.exporter)",
        "jti": "\(PlainText.line(admitted.common.jti))", "iat": "\(admitted.common.iat)", "issuer": "\(admitted.common.iss)",
        "actor": "\(requester)", "result": "\(result)",
      ])
  }
}
