import ClaimsRegistry
import ClaimsStore

/// The hash of a store that changes: made anew when it changed, and from time to time because claims end, but never more than a twentieth of the
/// time is spent on it. Between two looks it is a moment old, which the next one mends.
struct StateHashCache {
  private static let shortest = Duration.milliseconds(200)
  private static let longest = Duration.seconds(10)

  private var hash = StateHash()
  private var sequence: Int64 = -1
  private var made: ContinuousClock.Instant?
  private var cost = Duration.zero

  init() {}

  mutating func current(of registry: Registry) -> StateHash {
    let now = ContinuousClock.now
    if let made {
      let age = made.duration(to: now)
      guard age >= max(Self.shortest, cost * 20), age >= Self.longest || sequence != registry.store.lastSequence else { return hash }
    }
    sequence = registry.store.lastSequence
    hash = StateHash(registry.store.index, now: registry.clock.seconds)
    made = now
    cost = now.duration(to: .now)
    return hash
  }
}
