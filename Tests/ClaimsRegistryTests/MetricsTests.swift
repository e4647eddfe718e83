import ClaimsRegistry
import CoreMetrics
import Foundation
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

@Suite("The document of the metrics")
struct MetricsDocumentTests {
  @Test("lists every metric with its type, label and help, and no other")
  func isComplete() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let document = try String(contentsOf: root.appending(path: "docs/metrics.md"), encoding: .utf8)
    let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
    let expected = Metric.allCases.map { metric in
      "| `\(metric.rawValue)` | \(metric.type) | \(metric.label.map { "`\($0)`" } ?? "") | \(metric.help) |".replacingOccurrences(
        of: "|  |", with: "| |")
    }
    #expect(rows == expected)
  }
}
