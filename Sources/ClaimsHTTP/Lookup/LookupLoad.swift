import Synchronization

/// Whether lookups come, for whoever gives way to them.
final class LookupLoad: Sendable {
  private struct Window {
    var lookups = 0
    var end = ContinuousClock.now
    var isBusy = false
  }

  private let lookups = Atomic<Int>(0)
  private let window = Mutex(Window())
  private let interval: Duration

  /// Creates a load that is looked at once in an interval.
  init(interval: Duration = .milliseconds(20)) {
    self.interval = interval
  }

  /// Notes a lookup.
  func note() { lookups.add(1, ordering: .relaxed) }

  /// Whether one came in the last interval.
  var isBusy: Bool {
    window.withLock { window in
      let now = ContinuousClock.now
      if now >= window.end {
        let count = lookups.load(ordering: .relaxed)
        window = Window(lookups: count, end: now + interval, isBusy: count != window.lookups)
      }
      return window.isBusy
    }
  }
}
