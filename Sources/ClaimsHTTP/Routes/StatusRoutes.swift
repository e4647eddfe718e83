import Claims
import ClaimsRegistry
import ClaimsStore
import CoreMetrics
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Nkeys

/// What monitoring asks: alive, ready, figures.
struct StatusRoutes: Sendable {
  /// The body of `/readyz`.
  struct Readiness: Encodable {
    let ready: Bool
    let accounts: Int
    let operators: [String]
    let problems: [String]
    let warnings: [String: [String]]
  }

  let registry: Registry
  let metrics: MetricsRegistry
  let connections: [ConnectionCount]

  /// `GET /healthz`: the process answers.
  func health() -> Response { Response(status: .ok) }

  /// `GET /readyz`: the store is loaded and an operator is trusted. NATS does not matter: lookups and pushes work without it.
  func readiness() throws -> Response {
    let operators = registry.operators.map(\.key)
    let problems = operators.isEmpty ? ["no operator is trusted: every push is refused; start with -operator FILE"] : []
    var warnings: [String: [String]] = [:]
    for warning in registry.currentWarnings() { warnings[warning.kind.rawValue] = warning.texts }
    let state = Readiness(
      ready: problems.isEmpty, accounts: registry.store.index.count, operators: operators, problems: problems, warnings: warnings)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    var body = ByteBuffer(bytes: try encoder.encode(state))
    body.writeString("\n")
    return .bytes(body, type: "application/json", status: state.ready ? .ok : .serviceUnavailable)
  }

  /// `GET /metrics` in the Prometheus text format. What is known of single accounts is only for those who may read it elsewhere too.
  func figures(ofAccounts: Bool) -> Response {
    metrics.gauge(.accounts).record(registry.store.index.count)
    metrics.gauge(.untrustedAccounts).record(registry.untrusted.count)
    metrics.gauge(.connections).record(connections.reduce(0) { $0 + $1.open })
    metrics.gauge(.logRecords).record(registry.store.lastSequence)
    metrics.gauge(.unknownAccounts).record(registry.unknownAccounts.all { registry.store.index.bareEntry(of: $0.raw) != nil }.count)
    metrics.gauge(.unknownPassedOver).record(registry.unknownAccounts.passedOver)
    metrics.gauge(.directoryLag).record(registry.store.directoryLag)
    let accounts = ofAccounts ? AccountSeries(registry.fleet.current?.figures() ?? []).series : [:]
    return .bytes(ByteBuffer(string: metrics.text(with: accounts)), type: "text/plain; version=0.0.4; charset=utf-8")
  }
}
