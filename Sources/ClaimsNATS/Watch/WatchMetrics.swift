import ClaimsRegistry
import CoreMetrics

/// The metrics of what servers do with what is stored.
struct WatchMetrics: Sendable {
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

  func gone(reason: String) { metrics.counter(.disconnects, reason).increment() }

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
