import ClaimsRegistry
import ClaimsStore

/// The hash of a store that changes, which may be a moment old: the next look mends that.
struct StateHashCache {
  private var hash = StateHash()
  private var age = HashAge()

  init() {}

  mutating func current(of registry: Registry) -> StateHash {
    let sequence = registry.store.lastSequence
    let start = ContinuousClock.now
    guard age.isStale(sequence: sequence, at: start) else { return hash }
    hash = StateHash(registry.store.index, now: registry.clock.seconds)
    age.made(sequence: sequence, from: start, to: .now)
    return hash
  }
}

/// Decides when a hash is made anew: when the store changed, and from time to time because claims end, but never so often that it takes more than a
/// twentieth of the time. Pure.
struct HashAge: Sendable {
  typealias Instant = ContinuousClock.Instant

  private static let shortest = Duration.milliseconds(200)
  private static let longest = Duration.seconds(10)

  private var last: (sequence: Int64, start: Instant, cost: Duration)?

  /// Whether a hash is to be made, when this is the store's last record.
  func isStale(sequence: Int64, at now: Instant) -> Bool {
    guard let last else { return true }
    let age = last.start.duration(to: now)
    return age >= max(Self.shortest, last.cost * 20) && (age >= Self.longest || sequence != last.sequence)
  }

  /// A hash was made of what was stored up to this record.
  mutating func made(sequence: Int64, from start: Instant, to end: Instant) {
    last = (sequence, start, start.duration(to: end))
  }
}
