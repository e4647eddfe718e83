import CoreMetrics

/// The registry's own counters.
struct RegistryMetrics: Sendable {
  private let registry: MetricsRegistry
  /// The series of nearly every push: looking one up takes longer than counting.
  private let stored: Counter

  init(_ registry: MetricsRegistry) {
    self.registry = registry
    stored = registry.counter(.pushes, Self.storedResult)
    // Series that people draw are there from the start, at zero.
    for result in ["unchanged", Refusal.Code.older.name, Refusal.Code.untrustedIssuer.name, Refusal.Code.badToken.name] {
      _ = registry.counter(.pushes, result)
    }
    _ = registry.counter(.deletes, "deleted")
  }

  func pushed(_ result: String) {
    if result == Self.storedResult { stored.increment() } else { registry.counter(.pushes, result).increment() }
  }

  static let storedResult = "stored"

  func deleted(_ result: String) { registry.counter(.deletes, result).increment() }
}
