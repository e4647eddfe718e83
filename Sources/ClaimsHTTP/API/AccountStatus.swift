import ClaimsRegistry
import ClaimsStore

/// How an account stands.
enum AccountStatus: String, Sendable, CaseIterable {
  /// Its claims hold.
  case active
  /// Its claims are over.
  case expired
  /// Nobody who is trusted now signed its claims.
  case untrusted
  /// It was deleted.
  case deleted

  init(_ entry: AccountEntry, registry: Registry, trust: Trust) {
    if entry.isDeleted {
      self = .deleted
    } else if entry.isExpired(at: registry.clock.seconds) {
      self = .expired
    } else {
      self = trust.maySignAccounts(registry.store.index.text(of: entry.issuer)) ? .active : .untrusted
    }
  }
}
