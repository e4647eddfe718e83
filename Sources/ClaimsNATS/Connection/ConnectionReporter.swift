import ClaimsRegistry
import Logging
import Metrics
import Synchronization

/// Says how the connection stands: to `/readyz` through the status and the warnings, to the log, to the metrics.
final class ConnectionReporter: Sendable {
  private struct State {
    var status = ConnectionStatus.disconnected(reason: "not connected yet")
    var complaints: Set<String> = []
  }

  /// How many different complaints of servers are told; after that only at debug level, since the words come from outside.
  private static let mostComplaints = 64

  private let state = Mutex(State())
  private let warnings: Warnings
  private let gauge: Gauge
  private let logger: Logger

  init(warnings: Warnings, metrics: MetricsRegistry, logger: Logger) {
    self.warnings = warnings
    self.logger = logger
    gauge = metrics.gauge(.natsConnected)
    gauge.record(0)
  }

  var status: ConnectionStatus { state.withLock { $0.status } }

  func report(_ report: ConnectionSupervisor.Report, server: ServerIdentity?, isNews: Bool) {
    let url = server?.url ?? ""
    switch report {
    case .connected:
      set(.connected(server ?? ServerIdentity(url: url, id: "")))
      warnings.set(.nats, [])
      gauge.record(1)
      log(isNews ? .info : .debug, "connected to NATS", ["server": "\(url)", "id": "\(server?.id ?? "")"])
    case .disconnected(let error):
      set(.disconnected(reason: error.message))
      warnings.set(.nats, ["no connection to NATS, announcements wait: \(error.message)"])
      gauge.record(0)
      log(isNews ? .warning : .debug, "no connection to NATS, announcements wait; trying again", metadata(error, url))
    case .unusable(let error):
      set(.unusable(reason: error.message))
      warnings.set(.nats, [error.message])
      gauge.record(0)
      log(isNews ? .error : .debug, "connected to NATS, but nothing can be announced", metadata(error, url))
    }
  }

  /// A server told its name.
  func learn(_ server: ServerName) {
    state.withLock { state in
      guard case .connected(var identity) = state.status, identity.id == server.id else { return }
      identity.name = server.name
      identity.version = server.version
      state.status = .connected(identity)
    }
  }

  /// Something to know that changes nothing: told once.
  func note(_ error: NATSError) {
    let isNews = state.withLock { $0.complaints.count < Self.mostComplaints && $0.complaints.insert(error.message).inserted }
    log(isNews ? .warning : .debug, "trouble with NATS", metadata(error, nil))
  }

  private func set(_ status: ConnectionStatus) {
    state.withLock { $0.status = status }
  }

  private func metadata(_ error: NATSError, _ url: String?) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["reason": "\(error.message)", "code": "\(error.code)"]
    if let url { metadata["server"] = "\(url)" }
    return metadata
  }

  private func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
    logger.log(level: level, message, metadata: metadata)
  }
}
