import ClaimsRegistry
import CoreMetrics
import Testing

@Suite("Metrics")
struct MetricsTests {
  @Test("are written in the Prometheus text format, with help and type before the series")
  func text() {
    let metrics = MetricsRegistry()
    metrics.counter(.lookups, "found").increment(by: 3)
    metrics.counter(.lookups, "found").increment()
    metrics.counter(.lookups, "unknown").increment()
    metrics.gauge(.accounts).record(12)
    #expect(
      metrics.text() == """
        # HELP nats_claims_lookups_total \(Metric.lookups.help)
        # TYPE nats_claims_lookups_total counter
        nats_claims_lookups_total{result="found"} 4
        nats_claims_lookups_total{result="unknown"} 1
        # HELP nats_claims_accounts \(Metric.accounts.help)
        # TYPE nats_claims_accounts gauge
        nats_claims_accounts 12

        """)
  }

  @Test("escape what a label's value may hold")
  func escapes() {
    let metrics = MetricsRegistry()
    metrics.counter(.pushes, "a\"b\\c\nd").increment()
    #expect(metrics.text().contains(#"{result="a\"b\\c\nd"} 1"#))
  }
}
