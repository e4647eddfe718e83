import Claims
import ClaimsStore

extension Registry {
  /// The warnings that hold now: those that were set, and those that follow from what is stored.
  public func currentWarnings() -> [(kind: Warnings.Kind, texts: [String])] {
    var missing: [String] = []
    for trusted in operators {
      if let system = trusted.systemAccount {
        if lookup(system) == nil {
          missing.append("the claims of the system account \(system) are not stored: push them, or nats-servers start without it")
        }
      } else {
        missing.append("the operator \(trusted.key) names no system account: nats-servers cannot be told of changes")
      }
    }
    warnings.set(.missingSystemAccount, missing)
    let untrusted = untrusted
    warnings.set(.untrustedClaims, untrusted.texts, of: untrusted.count)
    warnings.set(.deletedButHeld, heldAccountTexts)
    warnings.set(.log, store.logProblem.map { [$0] } ?? [])
    warnings.set(.directory, store.directoryProblem.map { ["the directory's files cannot be written: \($0)"] } ?? [])
    return warnings.all
  }
}
