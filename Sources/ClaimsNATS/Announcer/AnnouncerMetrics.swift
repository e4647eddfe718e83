import ClaimsRegistry
import CoreMetrics

/// The announcer's metrics.
struct AnnouncerMetrics: Sendable {
  /// Batches that did not get through, and are announced again.
  let failed: Counter
  private let published: Counter
  private let unpublishable: Counter
  private let lag: Gauge

  init(_ metrics: MetricsRegistry) {
    failed = metrics.counter(.announcements, "failed")
    published = metrics.counter(.announcements, "published")
    unpublishable = metrics.counter(.announcements, "unpublishable")
    lag = metrics.gauge(.announcementLag)
  }

  func count(_ outcomes: [PublicationOutcome]) {
    let sent = outcomes.count { $0 == .sent }
    published.increment(by: sent)
    unpublishable.increment(by: outcomes.count - sent)
  }

  /// Shows how many records after the cursor the log has.
  func lag(last: Int64, cursor: Int64) {
    lag.record(max(0, last - cursor))
  }
}
