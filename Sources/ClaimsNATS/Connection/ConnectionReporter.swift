import ClaimsRegistry
import CoreMetrics
import Logging
import Synchronization

/// Says how the connection stands: to `/readyz` through the status and the warnings, to the log, to the metrics.
final class ConnectionReporter: Sendable {
  private struct State {
    var status = ConnectionStatus.disconnected(reason: "not connected yet")
    /// The servers heard of over this connection, by id.
    var heard: [String: ServerInfo] = [:]
    /// The kinds of trouble told of over this connection.
    var told: Set<NATSError.Code> = []
  }

  /// How many servers are remembered: only one is ours, but it may not be the first that answers.
  private static let mostServers = 1024

  private let state = Mutex(State())
  private let warnings: Warnings
  private let gauge: Gauge
  private let logger: Logger
  private let onChange: @Sendable (ConnectionStatus) -> Void
  private let onNote: @Sendable (NATSError) -> Void

  /// `onChange` hears of every new status, `onNote` of all trouble; both from any thread.
  init(
    warnings: Warnings, metrics: MetricsRegistry, logger: Logger, onChange: @escaping @Sendable (ConnectionStatus) -> Void = { _ in },
    onNote: @escaping @Sendable (NATSError) -> Void = { _ in }
  ) {
    self.warnings = warnings
    self.onChange = onChange
    self.onNote = onNote
    self.logger = logger
    gauge = metrics.gauge(.natsConnected)
    gauge.record(0)
  }

  var status: ConnectionStatus { state.withLock { $0.status } }

  func report(_ report: ConnectionSupervisor.Report, server: ServerIdentity?, isNews: Bool) {
    let url = server?.url ?? ""
    switch report {
    case .connected:
      state.withLock { state in
        var identity = server ?? ServerIdentity(url: url, id: "")
        if let name = state.heard[identity.id] { identity.learn(name) }
        state.status = .connected(identity)
      }
      warnings.set(.nats, [])
      gauge.record(1)
      log(isNews ? .info : .debug, "connected to NATS", ["server": "\(url)", "id": "\(server?.id ?? "")"])
    case .disconnected(let error):
      state.withLock { state in
        if state.status.isConnected { (state.heard, state.told) = ([:], []) }
        state.status = .disconnected(reason: error.message)
      }
      warnings.set(.nats, ["no connection to NATS, announcements wait: \(error.message)"])
      gauge.record(0)
      log(isNews ? .warning : .debug, "no connection to NATS, announcements wait; trying again", metadata(error, url))
    case .unusable(let error):
      state.withLock { $0.status = .unusable(reason: error.message) }
      warnings.set(.nats, [error.message])
      gauge.record(0)
      log(isNews ? .error : .debug, "connected to NATS, but nothing can be announced", metadata(error, url))
    }
    onChange(status)
  }

  /// A server told its name.
  func learn(_ server: ServerInfo) {
    state.withLock { state in
      if state.heard.count < Self.mostServers { state.heard[server.id] = server }
      guard case .connected(var identity) = state.status, identity.id == server.id else { return }
      identity.learn(server)
      state.status = .connected(identity)
    }
  }

  /// Something to know that changes nothing: each kind is told once a connection.
  func note(_ error: NATSError) {
    let isNews = state.withLock { $0.told.insert(error.code).inserted }
    log(isNews ? .warning : .debug, "trouble with NATS", metadata(error, nil))
    onNote(error)
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
