import Claims
import ClaimsRegistry
import ClaimsStore

/// A push that was taken, and who holds it so far.
struct DeliveredPush: Sendable {
  /// A step of the way to the servers.
  private struct Step: Sendable {
    let name: String
    var server: String?
    let after: Duration
  }

  private let record: ChangeRecord?
  private let report: DeliveryReport?
  private let steps: [Step]
  private let fleet: (any ServerFleet)?

  /// Waits until every server holds the change, or for `patience`.
  init(_ account: AccountKey, _ verdict: Verdict, _ timeline: PushTimeline, within patience: Duration, registry: Registry) async {
    var record: ChangeRecord?
    if case .committed(let committed) = verdict { record = committed }
    self.record = record
    let fleet = registry.fleet.current
    self.fleet = fleet
    // Claims that were stored already may not have been announced yet, or not by this run of the program.
    let sequence = record?.sequence ?? registry.store.index.bareEntry(of: account.raw)?.sequence
    if record == nil, let fleet, patience > .zero,
      await fleet.delivery(of: account, since: sequence, within: .zero)?.published == nil
    {
      // It was announced before this run of the program, if ever: only by announcing it once more servers say whether they hold it.
      registry.renotices.request(account)
    }
    report = await fleet?.delivery(of: account, since: sequence, within: patience)
    steps = Self.steps(timeline, record == nil ? nil : report, seen: .now)
  }

  private static func steps(_ timeline: PushTimeline, _ report: DeliveryReport?, seen: ContinuousClock.Instant) -> [Step] {
    let published = report?.published.map { timeline.start.duration(to: seen) - $0 }
    // Whoever pushes hears of the commit a moment after the announcer, which publishes only what is committed.
    let committed = min(timeline.committed, published ?? timeline.committed)
    var steps = timeline.decoded.map { [Step(name: "decoded", after: $0)] } ?? []
    steps.append(Step(name: "committed", after: committed))
    guard let report, let start = published else { return steps }
    steps.append(Step(name: "published", after: start))
    let lines = report.lines.compactMap { line in line.after.map { Step(name: line.outcome.name, server: line.name, after: start + $0) } }
    return steps + lines.sorted { $0.after < $1.after }
  }

  /// One line for people.
  var text: String {
    let result = record == nil ? "unchanged" : "stored"
    guard let fleet else { return "\(result); no nats-server is configured here" }
    guard let report else {
      let standing = record == nil ? "not announced since the start" : "not announced yet"
      return "\(result); \(standing)\(fleet.isConnected ? "" : "; \(DeliveryReport.Doubt.noConnection.text)")"
    }
    return "\(result); \(report.text)"
  }

  /// Everything for programs.
  var json: JSONValue {
    .object([
      .init("result", .string(record == nil ? "unchanged" : "stored")), .init("record", record?.logged.json ?? .null),
      .init("text", .string(text)), .init("delivery", report?.json ?? .null),
      .init(
        "trace",
        .array(
          steps.map { step in
            .object([
              .init("step", .string(step.name)), .init("server", step.server.map { .string($0) } ?? .null),
              .init("ms", .double(step.after.inMilliseconds)),
            ])
          })),
    ])
  }
}
