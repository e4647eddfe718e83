import ClaimsRegistry
import CoreMetrics
import Synchronization

/// The metrics of what servers do with what is stored.
final class WatchMetrics: Sendable {
  private static let mostReasons = 32

  private let reasons = Mutex<Set<String>>([])
  private let applied: Counter
  private let notLoaded: Counter
  private let refused: Counter
  private let repaired: Counter
  private let postponed: Counter
  private let authFailures: Counter
  private let dropped: Counter
  private let servers: [(state: FleetServer.State, gauge: Gauge)]
  private let open: Gauge
  private let drifted: Gauge
  private let contested: Gauge
  private let metrics: MetricsRegistry

  init(_ metrics: MetricsRegistry) {
    self.metrics = metrics
    applied = metrics.counter(.announcements, "applied")
    notLoaded = metrics.counter(.announcements, "not_loaded")
    refused = metrics.counter(.announcements, "refused")
    repaired = metrics.counter(.repairs, "announced")
    postponed = metrics.counter(.repairs, "postponed")
    authFailures = metrics.counter(.authFailures)
    dropped = metrics.counter(.messagesDropped)
    servers = FleetServer.State.allCases.map { ($0, metrics.gauge(.servers, $0.rawValue)) }
    open = metrics.gauge(.unconfirmedChanges)
    drifted = metrics.gauge(.driftedAccounts)
    contested = metrics.gauge(.contestedAccounts)
  }

  func count(_ reply: ServerReply) {
    switch reply {
    case .applied: applied.increment()
    case .notLoaded: notLoaded.increment()
    case .refused: refused.increment()
    case .noListener, .unreadable: break
    }
  }

  func repair(isAnnounced: Bool) { (isAnnounced ? repaired : postponed).increment() }

  func refusedClient() { authFailures.increment() }

  /// Reasons are a dozen; what a client of the system account invents beyond that is one kind.
  func gone(reason: String) {
    let known = reasons.withLock { reasons in
      if reasons.contains(reason) { return true }
      guard reasons.count < Self.mostReasons else { return false }
      reasons.insert(reason)
      return true
    }
    metrics.counter(.disconnects, known ? reason : "other").increment()
  }

  func dropped(_ count: Int) { if count > 0 { dropped.increment(by: count) } }

  /// Shows how the servers stand.
  func show(_ core: SystemCore) {
    var counts: [FleetServer.State: Int] = [:]
    for member in core.fleet.members.values { counts[member.state, default: 0] += 1 }
    for (state, gauge) in servers { gauge.record(counts[state] ?? 0) }
    open.record(core.deliveries.openCount)
    drifted.record(core.drift.count)
    contested.record(core.repairs.alerts.count)
  }
}
