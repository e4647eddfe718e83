public import Claims
public import ClaimsStore
import Logging
import Nkeys

extension AccountEntry {
  /// The entry in the order of all states.
  public var version: TokenVersion { TokenVersion(iat: iat, generation: generation, digest: digest, isDeleted: isDeleted) }
}

extension Registry {
  /// Merges what another server of ours holds of an account, through the same admission as a push: what is not signed by a trusted operator, is
  /// malformed or older never gets in.
  public func merge(_ state: PeerState, by requester: Requester) async -> MergeOutcome {
    if let own = store.index.bareEntry(of: state.account.raw), own.version >= state.version { return .kept }
    do throws(Refusal) {
      try requireWritable()
      let record = state.isDeleted ? try tombstone(state, requester) : try claims(state, requester)
      guard try await take(record, state) else { return .kept }
    } catch {
      logger.debug("a peer's state is refused", metadata: ["account": "\(state.account)", "reason": "\(error)", "actor": "\(requester)"])
      return .refused(error)
    }
    logger.info(
      state.isDeleted ? "a peer's deletion is taken over" : "a peer's claims are taken over",
      metadata: ["account": "\(state.account)", "iat": "\(state.iat)", "generation": "\(state.generation)", "actor": "\(requester)"])
    return .taken
  }

  /// A record but for the account's owner, which the trust of the moment settles when it is stored.
  private struct MergedRecord: Sendable {
    let change: @Sendable (_ owner: String) -> Change
    let owner: @Sendable (_ current: AccountEntry?) throws(Refusal) -> String
  }

  /// The record of claims. Their mark must be their own: nobody else's word takes an account back to older ones.
  private func claims(_ state: PeerState, _ requester: Requester) throws(Refusal) -> MergedRecord {
    let admitted = try admission.examine(state.token, expected: state.account, now: clock.seconds)
    let common = admitted.verified.claims.common
    if let account = admitted.verified.claims.account, ClosingClaims.areClosing(account, at: clock.seconds) {
      throw Refusal(.invalidClaims, "a peer serves closing claims of \(state.account): the deletion comes by its claim")
    }
    guard common.iat == state.iat else {
      throw Refusal(
        .older, "a peer serves claims of \(state.account) that are older than its mark: accept them here too, with accept-older")
    }
    let (time, policy) = (clock.milliseconds(), admission.policy)
    return MergedRecord { owner in
      Change(
        time: time, kind: .put, subject: state.account, token: state.token, digest: state.token.digest, jti: common.jti, iat: common.iat,
        generation: state.generation, expires: common.exp, issuer: common.iss.text, actor: requester.description, owner: owner)
    } owner: { [trust, index = store.index] current throws(Refusal) in
      try Admission(trust: trust.current, policy: policy).owner(after: admitted, current: current, index: index)
    }
  }

  /// The record of a tombstone. When its claim did its work it held; that it is over by now does not bring the account back.
  private func tombstone(_ state: PeerState, _ requester: Requester) throws(Refusal) -> MergedRecord {
    let common = (try? DecodedToken.decode(state.token))?.claims.common
    let signed = max(common?.iat ?? 0, common?.nbf ?? 0)
    let claim = try DeleteClaim(state.token, trust: trust.current, policy: admission.policy, now: min(clock.seconds, max(signed, 0)))
    guard claim.accounts.contains(state.account) else {
      throw Refusal(.wrongSubject, "the delete claim does not name \(state.account) in nats.accounts")
    }
    guard claim.iat == state.iat else { throw Refusal(.older, "the delete claim is of another time than the tombstone") }
    let time = clock.milliseconds()
    return MergedRecord { owner in
      Change(
        time: time, kind: .delete, subject: state.account, token: state.token, digest: state.token.digest, jti: claim.jti, iat: claim.iat,
        generation: state.generation, expires: 0, issuer: claim.issuer, actor: requester.description, owner: owner)
    } owner: { [trust, index = store.index] current throws(Refusal) in
      try claim.owner(of: state.account, current: current, trust: trust.current, index: index)
    }
  }

  private func take(_ record: MergedRecord, _ state: PeerState) async throws(Refusal) -> Bool {
    let (version, now) = (state.version, clock.milliseconds())
    do {
      let verdict = try await store.submit(
        Proposal(subject: state.account) { current, log in
          let judgement = try MergeRule.judge(version, over: current?.version, now: now) {
            try log.acceptance(of: version.digest, for: state.account)
          }
          switch judgement {
          case .take:
            do throws(Refusal) {
              return .append(record.change(try record.owner(current)))
            } catch {
              return .refuse(error)
            }
          case .keep: return .unchanged
          case .conflict:
            return .refuse(
              Refusal(.superseded, "a peer serves a token of \(state.account) that was replaced here within its second: push a newer one"))
          }
        })
      guard case .committed = verdict else { return false }
      if state.isDeleted { held.watch([state.account]) }
      return true
    } catch let error as Refusal {
      throw error
    } catch let error as StoreError {
      throw Refusal(error)
    } catch {
      throw Refusal(.unavailable, "the store cannot take a peer's state now")
    }
  }

  /// What this server holds of an account, as others are told; nil when nothing was ever stored, when the claims are over (which others do not take),
  /// or when what is served is older than its mark, which is a decision of whoever runs this server.
  ///
  /// - Throws: ``StoreError`` when the log cannot be read.
  public func peerState(of account: AccountKey) async throws -> PeerState? {
    guard let entry = store.index.entry(of: account.raw), entry.isShared(at: clock.seconds) else { return nil }
    let token =
      entry.isDeleted
      ? try await store.log.history(of: account, limit: 1).first.flatMap { $0.sequence == entry.sequence ? $0.change.token : nil }
      : try store.token(of: entry)
    guard let token else { return nil }
    return PeerState(account: account, iat: entry.iat, generation: entry.generation, isDeleted: entry.isDeleted, token: token)
  }
}

extension AccountEntry {
  /// Whether the entry is part of what servers of ours compare: tombstones, and claims that are not over and were not taken back on purpose.
  public func isShared(at now: Int64) -> Bool {
    if isDeleted { return true }
    return !isExpired(at: now) && kind != .acceptOlder && kind != .restore
  }
}
