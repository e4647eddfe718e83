import Claims
import ClaimsRegistry
import Logging
import Synchronization

/// Tells of accounts that are fought over, as long as they are: as a warning, and once in the log, with those who may be behind it.
final class ContestAlerts: Sendable {
  private let registry: Registry
  private let query: PublisherQuery
  private let logger: Logger
  /// The accounts that were told of, with those who may be behind it.
  private let told = Mutex<[AccountKey: [String]]>([:])

  init(registry: Registry, query: PublisherQuery, logger: Logger) {
    self.registry = registry
    self.query = query
    self.logger = logger
  }

  /// Shows the alerts of the moment.
  func show(_ alerts: [Repairs.Alert]) {
    let (new, known) = told.withLock { told in
      let known = told
      told = Dictionary(uniqueKeysWithValues: alerts.map { ($0.account, known[$0.account] ?? []) })
      return (alerts.filter { known[$0.account] == nil }, known)
    }
    registry.warnings.set(.contestedAccounts, alerts.map { $0.text(publishers: known[$0.account] ?? []) })
    if !new.isEmpty { Task { await self.tell(new) } }
  }

  /// Finds out who may be behind it, and tells.
  private func tell(_ alerts: [Repairs.Alert]) async {
    let publishers = await query.candidates(in: registry.trust.systemAccounts)
    for alert in alerts {
      told.withLock { if $0[alert.account] != nil { $0[alert.account] = publishers } }
      logger.error(
        "an account is fought over: somebody keeps sending nats-servers other claims",
        metadata: [
          "account": "\(alert.account)", "repairs": "\(alert.count)", "reason": "\(alert.cause.text)", "issuer": "\(alert.cause.issuer)",
          "place": "\(alert.cause.place)", "publishers": "\(publishers.joined(separator: ", "))",
        ])
    }
  }
}

extension Repairs.Alert {
  /// What to say of it, with those who may be behind it.
  fileprivate func text(publishers: [String]) -> String {
    let who = publishers.isEmpty ? "find who publishes there" : "it can be one of \(publishers.joined(separator: ", "))"
    return "somebody keeps sending nats-servers other claims of \(account) than those stored, at last on \(cause.place), signed by "
      + "\(cause.issuer): \(cause.text); it was put right \(count) times, and is looked at with growing pauses now: \(who); stop it"
  }
}
