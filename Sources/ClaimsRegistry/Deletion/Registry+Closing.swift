public import Claims
import ClaimsStore
import Logging
import Nkeys

extension Registry {
  /// Closing claims of an account, signed by the operator that has this key as its identity or signing key; nil when no seed is at hand.
  func closingClaims(of account: AccountKey, operatorKey: String, iat: Int64) -> ClosingClaims? {
    guard let signers,
      let trusted = trust.all.first(where: { $0.key == operatorKey || $0.claims.signingKeys.contains(KeyReference(operatorKey)) })
    else { return nil }
    do {
      guard let signer = try signers.signer(among: trusted.accountSigners) else { return nil }
      return try ClosingClaims(of: account, iat: iat, expires: clock.seconds + ClosingClaims.lifetime, signer: signer)
    } catch {
      logger.error(
        "closing claims cannot be signed: servers that hold the account keep it",
        metadata: ["account": "\(account)", "operator": "\(trusted.key)", "error": "\(error)"])
      return nil
    }
  }

  /// Signs closing claims of a deleted account anew when those that are to be announced are (nearly) over.
  ///
  /// Fresh ones are stored first, in front of a tombstone with the same delete claim, so that nobody can bring the account back with them.
  /// Without a key the old ones remain; servers refuse them, and ``held`` tells which of them go on.
  ///
  /// - Returns: the fresh claims and the sequence of their record; nil when those given are to be announced.
  public func renewedClosing(_ token: Token, of account: AccountKey) async -> (token: Token, sequence: Int64)? {
    let expires = (try? DecodedToken.decode(token))?.claims.common.exp ?? 0
    guard expires <= clock.seconds + ClosingClaims.leastLeft else { return nil }
    held.watch([account])
    do {
      if let fresh = try await renewClosing(of: account) { return fresh }
      logger.warning("closing claims are over before they could be announced", metadata: ["account": "\(account)"])
    } catch {
      logger.error("closing claims cannot be renewed", metadata: ["account": "\(account)", "error": "\(error)"])
    }
    return nil
  }

  private func renewClosing(of account: AccountKey) async throws -> (token: Token, sequence: Int64)? {
    guard let entry = store.index.entry(of: account.raw), entry.isDeleted,
      let tombstone = try await store.log.history(of: account, limit: 1).first?.change, tombstone.digest == entry.digest
    else { return nil }
    let operatorKey = tombstone.owner.isEmpty ? tombstone.issuer : tombstone.owner
    guard let closing = closingClaims(of: account, operatorKey: operatorKey, iat: tombstone.iat) else { return nil }
    let time = clock.milliseconds()
    let verdict = try await store.submit(
      Proposal(subject: account) { current, _ in
        guard let current, current.sequence == entry.sequence else { return .unchanged }
        let actor = Requester.announcer.description
        return .appendAll([
          closing.change(
            time: time, iat: current.iat, generation: current.generation + 1, actor: actor, owner: tombstone.owner),
          Change(
            time: time, kind: .delete, subject: account, token: tombstone.token, digest: tombstone.digest, jti: tombstone.jti,
            iat: current.iat, generation: current.generation + 2, expires: 0, issuer: tombstone.issuer, actor: actor,
            owner: tombstone.owner),
        ])
      })
    guard case .committed(let tombstone) = verdict else { return nil }
    // The records of one proposal follow each other.
    return (closing.token, tombstone.sequence - 1)
  }
}
