import Claims
import ClaimsStore

extension Freshness {
  /// Judges an admitted token inside the transaction that would store it. All texts of the same signed content count as one token.
  func judge(_ admitted: Admission.Admitted, after current: AccountEntry?, in log: any LogTransaction) throws -> Judgement {
    let account = admitted.account
    return try judge(
      after: current, wasStored: { try ([digest] + admitted.aliases).contains { try log.contains($0, for: account) } },
      removed: { try log.newestToken(of: account).map { Removed(iat: $0.change.iat, digest: $0.change.digest) } })
  }
}
