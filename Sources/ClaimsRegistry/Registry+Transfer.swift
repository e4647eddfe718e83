public import Claims
import ClaimsStore
import Logging

extension Registry {
  /// Gives an account to another trusted operator: from then on its tokens are accepted, and those of the former one refused.
  ///
  /// The account's claims stay as they are, and nothing is announced. An account that belongs to the operator already is left alone.
  ///
  /// - Parameters:
  ///   - account: the account.
  ///   - operatorKey: the identity key of the operator that it goes to.
  ///   - requester: who asks, for the audit.
  /// - Throws: ``Refusal`` `untrustedIssuer` when that is no trusted operator, `unknownAccount`, `deleted`, or what the store says; then nothing
  ///   was changed.
  public func transfer(_ account: AccountKey, to operatorKey: String, by requester: Requester) async throws(Refusal) {
    let facts: Logger.Metadata = [
      "account": "\(account)", "to": "\(PlainText.line(operatorKey, limit: 64))", "actor": "\(requester)",
    ]
    do {
      let transfer = Transfer(account: account, operatorKey: operatorKey, time: clock.milliseconds(), requester: requester)
      let former = store.index.entry(of: account.raw).map { Ownership(trust: trust.current, index: store.index).owners(of: $0) } ?? []
      let proposal = Proposal(subject: account) { [trust, index = store.index] current, log in
        do {
          return try transfer.judge(current: current, trust: trust.current, index: index) { try log.newestToken(of: account)?.change }
        } catch let refusal as Refusal {
          return .refuse(refusal)
        }
      }
      guard case .committed = try await store.submit(proposal) else { return }
      logger.notice(
        "account transferred", metadata: facts.merging(["from": "\(former.first ?? "")", "result": "transferred"]) { $1 })
    } catch let refusal as Refusal {
      logger.info(
        "transfer refused",
        metadata: facts.merging(["result": "\(refusal.code)", "reason": "\(PlainText.line(refusal.message))"]) { $1 })
      throw refusal
    } catch {
      logger.error("a transfer failed", metadata: facts.merging(["error": "\(error)"]) { $1 })
      throw (error as? StoreError).map { Refusal($0) }
        ?? Refusal(.unavailable, "the account could not be transferred: try again in a moment")
    }
  }
}

/// A request to give an account to another operator.
private struct Transfer: Sendable {
  let account: AccountKey
  let operatorKey: String
  let time: Int64
  let requester: Requester

  /// What the request comes to. `newest` asks the log for the record that brought the account's token.
  func judge(
    current: AccountEntry?, trust: Trust, index: AccountIndex, newest: () throws -> Change?
  ) throws -> Proposal.Decision {
    try checkOperator(trust)
    guard let current else { throw Refusal(.unknownAccount, "no matching account JWT: nothing is stored of \(account)") }
    guard !current.isDeleted else {
      throw Refusal(
        .deleted, "the account \(account) is deleted and stays with its operator: bring it back with `nats-claims undelete` first")
    }
    if index.text(of: current.owner) == operatorKey { return .unchanged }
    guard let newest = try newest(), newest.digest == current.digest, let token = newest.token else {
      throw Refusal(.unavailable, "the claims of \(account) cannot be read from the log now: try again in a moment")
    }
    return .append(
      Change(
        time: time, kind: .transfer, subject: account, token: token, digest: newest.digest, jti: newest.jti, iat: current.iat,
        generation: current.generation + 1, expires: newest.expires, issuer: newest.issuer, actor: requester.description, owner: operatorKey
      ))
  }

  private func checkOperator(_ trust: Trust) throws(Refusal) {
    guard trust.operator(operatorKey) == nil else { return }
    let shown = PlainText.line(operatorKey, limit: 64)
    if let holder = trust.holders(of: operatorKey).first {
      throw Refusal(.untrustedIssuer, "\(shown) is a signing key: name the operator by its identity key, \(holder)")
    }
    throw Refusal(.untrustedIssuer, "the operator \(shown) is not trusted here: start the server with -operator FILE for it too")
  }
}
