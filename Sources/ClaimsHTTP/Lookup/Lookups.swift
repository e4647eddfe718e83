import ClaimsRegistry
import ClaimsStore

/// Judges account lookups, the same on the event loop and on the framework's path, and counts them.
struct Lookups: Sendable {
  let registry: Registry
  let metrics: HTTPMetrics
  let load = LookupLoad()
  let date = HTTPDate()
  private let unknownKeys: UnknownKeyRate?

  init(registry: Registry, metrics: HTTPMetrics, limits: HTTPLimits = HTTPLimits()) {
    unknownKeys = limits.unknownKeys.map { UnknownKeyRate(limit: $0) }
    self.registry = registry
    self.metrics = metrics
  }

  /// The seconds since 1970.
  var now: Int64 { registry.clock.seconds }

  /// The answer to a lookup; `knownTags` are the lines of the request's `If-None-Match`, `address` is whose it is.
  func answer(_ entry: AccountEntry?, knownTags: [String], now: Int64, address: @autoclosure () -> String) -> LookupAnswer {
    load.note()
    guard let entry, let token = entry.token else {
      if isOneTooMany(address(), now: now) { return .tooMany }
      metrics.lookupUnknown()
      return .unknown
    }
    let age = LookupAnswer.age(expires: entry.expires, now: now)
    if !knownTags.isEmpty, EntityTag.isNamed(EntityTag.text(entry.digest), in: knownTags) {
      metrics.lookupNotModified()
      return .notModified(entry.digest, age: age)
    }
    metrics.lookupFound()
    return .found(token, entry.digest, age: age)
  }

  /// Counts a question about something that nobody has; true when an address has asked too many of them.
  func isOneTooMany(_ address: @autoclosure () -> String, now: Int64) -> Bool {
    guard let unknownKeys, !unknownKeys.admits(address(), now: now) else { return false }
    metrics.lookupLimited()
    return true
  }
}
