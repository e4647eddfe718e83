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

  @Test("are written with others that are not kept, with all their labels")
  func others() {
    let metrics = MetricsRegistry()
    #expect(
      metrics.text(with: [.accountDisconnects: [["A", "left"]: 3, ["A", "dropped"]: 4], .accountLastSeen: [:]]) == """
        # HELP nats_claims_account_disconnects_total \(Metric.accountDisconnects.help)
        # TYPE nats_claims_account_disconnects_total counter
        nats_claims_account_disconnects_total{account="A",reason="dropped"} 4
        nats_claims_account_disconnects_total{account="A",reason="left"} 3

        """)
    #expect(metrics.text().isEmpty)
  }

  @Test("escape what a label's value may hold")
  func escapes() {
    let metrics = MetricsRegistry()
    metrics.counter(.pushes, "a\"b\\c\nd\"\u{301}").increment()
    #expect(metrics.text().contains(#"{result="a\"b\\c\nd\"\#u{301}"} 1"#))
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
      let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
      return "| `\(metric.rawValue)` | \(metric.type) | \(labels) | \(metric.help) |".replacingOccurrences(of: "|  |", with: "| |")
    }
    #expect(rows == expected)
  }
}
