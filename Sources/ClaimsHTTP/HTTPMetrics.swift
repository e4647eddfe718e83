import ClaimsRegistry
import CoreMetrics

/// The counters of the HTTP door.
struct HTTPMetrics: Sendable {
  private let found: Counter
  private let notModified: Counter
  private let unknown: Counter
  private let limited: Counter
  private let registry: MetricsRegistry

  init(_ registry: MetricsRegistry) {
    self.registry = registry
    found = registry.counter(.lookups, "found")
    notModified = registry.counter(.lookups, "not_modified")
    unknown = registry.counter(.lookups, "unknown")
    limited = registry.counter(.lookups, "limited")
    for reason in ["full", "address", "handshake", "headers", "body", "idle", "displaced", "too_large"] {
      _ = registry.counter(.connectionsRefused, reason)
    }
  }

  /// A lookup was answered with a token, with 304, with 404, or with 429.
  func lookupFound() { found.increment() }
  func lookupNotModified() { notModified.increment() }
  func lookupUnknown() { unknown.increment() }
  func lookupLimited() { limited.increment() }

  /// A connection was closed for this reason.
  func refused(_ reason: String) { registry.counter(.connectionsRefused, reason).increment() }
}
