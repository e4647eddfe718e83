public import ClaimsRegistry
public import Logging
public import ServiceLifecycle
import Synchronization

/// The door over NATS: keeps a connection to the nats-servers and announces every accepted change.
///
/// What it promises: HTTP never waits for it; it never ends by itself; a change is announced at least once, also when NATS or this program
/// was away in between.
public final class NATSBridge: Service {
  private let options: NATSOptions
  private let registry: Registry
  private let reporter: ConnectionReporter
  private let connection: ConnectionService?
  private let announcer: Announcer?
  private let logger: Logger

  /// Creates the bridge; nothing is connected before ``run()``.
  ///
  /// A server whose URL cannot be used is left out and named in the log and the warnings; see ``NATSOptions/check()``.
  public convenience init(options: NATSOptions, registry: Registry, metrics: MetricsRegistry, logger: Logger) {
    self.init(options: options, registry: registry, metrics: metrics, logger: logger, connector: CNATSConnector(options: options))
  }

  init(options: NATSOptions, registry: Registry, metrics: MetricsRegistry, logger: Logger, connector: any NATSConnector) {
    self.options = options
    self.registry = registry
    self.logger = logger
    let reporter = ConnectionReporter(warnings: registry.warnings, metrics: metrics, logger: logger)
    self.reporter = reporter
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
      connection = nil
      announcer = nil
      return
    }
    let connection = ConnectionService(
      servers: servers, options: options, connector: connector, systemAccounts: { [trust = registry.trust] in trust.systemAccounts },
      reporter: reporter)
    let replies = ReplyCollector(metrics: metrics, logger: logger) { reporter.learn($0) }
    self.connection = connection
    registry.held.attach(HolderQuery(questions: connection.questions))
    if let subject = options.signRequestSubject {
      registry.signing.attach(SignRequest(questions: connection.questions, subject: subject, timeout: options.signRequestTimeout))
    }
    announcer = Announcer(registry: registry, connection: connection, replies: replies, metrics: metrics, logger: logger)
  }

  /// How the connection stands, for `/readyz`.
  public var status: ConnectionStatus { reporter.status }

  /// Connects and announces until the service is cancelled or shut down; then waits, at most two seconds, for what is under way.
  public func run() async throws {
    // The work is not cancelled but asked to stop: a cancelled task could not save its cursor any more.
    let work = Task { [announcer, connection, registry] in
      let asking = Task { if connection != nil { await registry.followHeldAccounts() } }
      async let announcing: Void? = announcer?.run()
      await connection?.run()
      await announcing
      asking.cancel()
      await asking.value
    }
    let (end, ending) = AsyncStream.makeStream(of: Void.self)
    await withTaskCancellationOrGracefulShutdownHandler {
      await work.value
      // Without a server there was nothing to do, and the end is still to come.
      for await _ in end {}
    } onCancelOrGracefulShutdown: { [announcer] in
      announcer?.stop()
      ending.finish()
    }
  }
}
