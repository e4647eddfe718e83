public import ClaimsRegistry
public import Logging
public import ServiceLifecycle

/// The door over NATS: keeps a connection to the nats-servers, announces every accepted change, sees to it that every server holds what is
/// stored, and serves the requests of clients of the system account.
///
/// What it promises: HTTP never waits for it; it never ends by itself; a change is announced at least once, also when NATS or this program
/// was away in between, and again until every server that is there confirmed it.
public final class NATSBridge: Service {
  private let registry: Registry
  private let reporter: ConnectionReporter
  private let parts: BridgeParts?

  /// Creates the bridge; nothing is connected before ``run()``.
  ///
  /// A server whose URL cannot be used is left out and named in the log and the warnings; see ``NATSOptions/check()``.
  public convenience init(options: NATSOptions, registry: Registry, metrics: MetricsRegistry, logger: Logger) {
    self.init(options: options, registry: registry, metrics: metrics, logger: logger, connector: CNATSConnector(options: options))
  }

  init(options: NATSOptions, registry: Registry, metrics: MetricsRegistry, logger: Logger, connector: any NATSConnector) {
    self.registry = registry
    reporter = ConnectionReporter(warnings: registry.warnings, metrics: metrics, logger: logger)
    let servers = options.servers.compactMap { url -> ServerAddress? in
      do throws(NATSError) {
        return try ServerAddress(url)
      } catch {
        logger.error("a nats-server's URL cannot be used", metadata: ["reason": "\(error.message)"])
        return nil
      }
    }
    guard !servers.isEmpty else {
      reporter.report(.disconnected(NATSError(.invalidURL, "no nats-server is configured that can be used")), server: nil, isNews: true)
      parts = nil
      return
    }
    parts = BridgeParts(
      options, servers: servers, registry: registry, metrics: metrics, logger: logger, connector: connector, reporter: reporter)
  }

  /// How the connection stands, for `/readyz`.
  public var status: ConnectionStatus { reporter.status }

  /// Connects and announces until the service is cancelled or shut down; then waits, at most two seconds, for what is under way.
  public func run() async throws {
    // The work is not cancelled but asked to stop: a cancelled task could not save its cursor any more.
    let work = Task { [parts, registry] in
      guard let parts else { return }
      let asking = Task { await registry.followHeldAccounts() }
      await parts.run()
      asking.cancel()
      await asking.value
    }
    let (end, ending) = AsyncStream.makeStream(of: Void.self)
    await withTaskCancellationOrGracefulShutdownHandler {
      await work.value
      // Without a server there was nothing to do, and the end is still to come.
      for await _ in end {}
    } onCancelOrGracefulShutdown: { [parts] in
      parts?.stop()
      ending.finish()
    }
  }
}
