public import Claims
public import ClaimsStore
import Logging
import Nkeys

/// Claims that were admitted, and what is proposed to the store for them.
public struct AdmittedPush: Sendable {
  /// What the store is to do.
  public let proposal: Proposal
  fileprivate let token: Token
  fileprivate let admitted: Admission.Admitted
  fileprivate let requester: Requester

  /// The same, if the account's newest record is still this one when it is stored; nil for an account that is new.
  func onlyAfter(_ sequence: Int64?) -> AdmittedPush {
    let decide = proposal.decide
    let guarded = Proposal(subject: proposal.subject) { current, log in
      guard current?.sequence == sequence else {
        return .refuse(Refusal(.unavailable, "the account changed while its claims were signed: pull it, and make the change again"))
      }
      return try decide(current, log)
    }
    return AdmittedPush(proposal: guarded, token: token, admitted: admitted, requester: requester)
  }
}

extension Registry {
  /// Stores account claims if they are admitted: decoded, trusted, valid and newer than what is stored.
  ///
  /// When this returns, the claims are durable and visible to lookups.
  ///
  /// - Parameters:
  ///   - token: the token as it arrived; one trailing line feed is dropped.
  ///   - expected: the account that the request is about, where it names one.
  ///   - requester: who asks.
  ///   - mayBeSigned: whether claims that the account itself signed are given an operator's signature where that can be had.
  /// - Returns: the record, or that the same bytes are stored already.
  /// - Throws: ``Refusal``; then nothing was changed.
  public func push(
    _ token: Token, expected: AccountKey? = nil, by requester: Requester, mayBeSigned: Bool = true
  ) async throws(Refusal) -> Verdict {
    let push: AdmittedPush
    do throws(Refusal) {
      push = try admit(token, expected: expected, by: requester, isSigned: !mayBeSigned)
    } catch {
      guard mayBeSigned, canBeSigned(error) else { throw error }
      return try await pushSelfSigned(token, expected: expected, by: requester)
    }
    return try await store(push)
  }

  /// The same, and how long after the call the steps were done.
  public func timedPush(
    _ token: Token, expected: AccountKey? = nil, by requester: Requester
  ) async throws(Refusal) -> (verdict: Verdict, timeline: PushTimeline) {
    let start = ContinuousClock.now
    let push: AdmittedPush
    do throws(Refusal) {
      push = try admit(token, expected: expected, by: requester)
    } catch {
      guard canBeSigned(error) else { throw error }
      let verdict = try await pushSelfSigned(token, expected: expected, by: requester)
      return (verdict, PushTimeline(start: start, decoded: nil, committed: start.duration(to: .now)))
    }
    let decoded = start.duration(to: .now)
    let verdict = try await store(push)
    return (verdict, PushTimeline(start: start, decoded: decoded, committed: start.duration(to: .now)))
  }

  /// The second and the third step of a push.
  func store(_ push: AdmittedPush) async throws(Refusal) -> Verdict {
    let outcome: Result<Verdict, any Error>
    do {
      outcome = .success(try await store.submit(push.proposal))
    } catch {
      outcome = .failure(error)
    }
    return try settle(push, outcome)
  }

  /// Judges a token by its content, the trust and the time: the first step of a push, for callers that take the steps on threads of their choice.
  ///
  /// The second step is to submit the proposal to the store, the third is ``settle(_:_:)``.
  ///
  /// - Parameters:
  ///   - token: the token as it arrived; one trailing line feed is dropped.
  ///   - expected: the account that the request is about, where it names one.
  ///   - requester: who asks.
  /// - Returns: what was admitted, with the proposal.
  /// - Throws: ``Refusal``; then nothing was changed. One that ``canBeSigned(_:)`` is not told to the log: ask for the signature.
  public func admit(_ token: Token, expected: AccountKey?, by requester: Requester) throws(Refusal) -> AdmittedPush {
    try admit(token, expected: expected, by: requester, isSigned: false)
  }

  /// The same; `isSigned` says that an operator's key signed the token on the way, or that none is to: no other signature is to be had.
  func admit(_ token: Token, expected: AccountKey?, by requester: Requester, isSigned: Bool) throws(Refusal) -> AdmittedPush {
    do throws(Refusal) {
      try requireWritable()
      let token = token.withoutTrailingLineFeed
      let admission = admission
      let admitted = try admission.examine(token, expected: expected, now: clock.seconds)
      return AdmittedPush(
        proposal: proposal(admitted, by: admission.policy, token: token, requester: requester), token: token, admitted: admitted,
        requester: requester)
    } catch {
      // What can still be signed is not refused yet.
      if isSigned || !canBeSigned(error) { refused(error, token: token, requester: requester) }
      throw error
    }
  }

  func proposal(_ admitted: Admission.Admitted, by policy: AdmissionPolicy, token: Token, requester: Requester) -> Proposal {
    let common = admitted.verified.claims.common
    let account = admitted.account
    let freshness = Freshness(iat: common.iat, digest: token.digest)
    let time = clock.milliseconds()
    let latest = policy.latest(at: time / 1000)
    return Proposal(subject: account) { [trust, index = store.index] current, log in
      let owner: String
      do throws(Refusal) {
        // The trust may have changed since the token was admitted.
        owner = try Admission(trust: trust.current, policy: policy).owner(after: admitted, current: current, index: index)
      } catch {
        return .refuse(error)
      }
      let judgement = try freshness.judge(admitted, after: current, in: log)
      if let current, let refusal = freshness.refusal(judgement, of: account, after: current, latest: latest) { return .refuse(refusal) }
      guard case .store(let generation) = judgement else { return .unchanged }
      return .append(
        Change(
          time: time, kind: .put, subject: account, token: token, digest: freshness.digest, jti: common.jti, iat: common.iat,
          generation: generation, expires: common.exp, issuer: common.iss.text, actor: requester.description,
          owner: owner))
    }
  }

  /// Tells the log and the metrics what became of a push: its last step.
  ///
  /// - Parameters:
  ///   - push: what was admitted.
  ///   - outcome: what the store made of its proposal.
  /// - Returns: the record, or that the same bytes are stored already.
  /// - Throws: ``Refusal``; then nothing was changed.
  public func settle(_ push: AdmittedPush, _ outcome: Result<Verdict, any Error>) throws(Refusal) -> Verdict {
    switch outcome {
    case .success(let verdict):
      accepted(verdict, admitted: push.admitted, requester: push.requester)
      return verdict
    case .failure(let error):
      let refusal = refusal(for: error, of: push)
      refused(refusal, token: push.token, requester: push.requester)
      throw refusal
    }
  }

  private func refusal(for error: any Error, of push: AdmittedPush) -> Refusal {
    if let refusal = error as? Refusal { return refusal }
    logger.error("the store refused a push", metadata: ["account": "\(push.admitted.account)", "error": "\(error)"])
    return (error as? StoreError).map { Refusal($0) } ?? Refusal(.unavailable, "the claims could not be stored: push again in a moment")
  }

  private func accepted(_ verdict: Verdict, admitted: Admission.Admitted, requester: Requester) {
    let common = admitted.verified.claims.common
    let result: String
    switch verdict {
    case .committed: result = RegistryMetrics.storedResult
    case .unchanged: result = "unchanged"
    }
    metrics.pushed(result)
    var facts: Logger.Metadata = [
      "account": .string(admitted.account.text), "jti": .string(PlainText.line(common.jti)), "iat": .string(String(common.iat)),
      "issuer": .string(common.iss.text), "actor": .string(requester.description), "result": .string(result),
    ]
    if admitted.version <= 1 { facts["version"] = "1" }
    logger.info("claims accepted", metadata: facts)
  }

  func refused(_ refusal: Refusal, token: Token, requester: Requester) {
    metrics.pushed(refusal.code.name)
    var facts: Logger.Metadata = ["actor": "\(requester)", "result": "\(refusal.code)", "reason": "\(PlainText.line(refusal.message))"]
    if let common = try? DecodedToken.decode(token).claims.common {
      // Nothing of this is proved: anyone may have written it.
      facts["account"] = "\(PlainText.line(common.sub.text))"
      facts["jti"] = "\(PlainText.line(common.jti))"
      facts["iat"] = "\(common.iat)"
      facts["issuer"] = "\(PlainText.line(common.iss.text))"
    }
    logger.info("claims refused", metadata: facts)
  }
}
