import Claims
import ClaimsStore

extension Freshness {
  /// Judges an activation inside the transaction that would store it: as an account's token, among the activations of its hash.
  func judge(_ admitted: Admission.AdmittedActivation, in log: any LogTransaction) throws -> Judgement {
    guard let newest = try log.activation(admitted.hash)?.change else { return .store(generation: 0) }
    return try judge(after: Newest(iat: newest.iat, generation: newest.generation, digest: newest.digest)) {
      try ([digest] + admitted.aliases).contains { try log.contains($0, as: admitted.hash) }
    }
  }

  /// The refusal of a judgement about an activation, with the way out.
  func refusal(_ judgement: Judgement, of hash: ActivationHash) -> Refusal? {
    let mine = "\(iat) (\(Timestamp.text(iat)))"
    switch judgement {
    case .store, .unchanged: return nil
    case .superseded:
      return Refusal(
        .superseded, "this very activation \(hash), issued at \(mine), was already replaced by another of the same second: sign it again")
    case .older, .deleted, .removed:
      return Refusal(.older, "older than the stored activation \(hash): this one was issued at \(mine): sign it again")
    }
  }
}
