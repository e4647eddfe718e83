import CoreMetrics

/// The registry's own counters.
struct RegistryMetrics: Sendable {
  private let registry: MetricsRegistry

  init(_ registry: MetricsRegistry) {
    self.registry = registry
    // Series that people draw are there from the start, at zero.
    for result in ["stored", "unchanged", Refusal.Code.older.name, Refusal.Code.untrustedIssuer.name, Refusal.Code.badToken.name] {
      _ = registry.counter(.pushes, result)
    }
    _ = registry.counter(.deletes, "deleted")
  }

  func pushed(_ result: String) { registry.counter(.pushes, result).increment() }

  func deleted(_ result: String) { registry.counter(.deletes, result).increment() }
}
