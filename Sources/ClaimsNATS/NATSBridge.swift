import Claims
public import ClaimsRegistry
public import Logging
import Nkeys
public import ServiceLifecycle
import Synchronization

/// The door over NATS: keeps a connection to the nats-servers, announces every accepted change, sees to it that every server holds what is
/// stored, and serves the requests of clients of the system account.
///
/// What it promises: HTTP never waits for it; it never ends by itself; a change is announced at least once, also when NATS or this program
/// was away in between, and again until every server that is there confirmed it.
public final class NATSBridge: Service {
  /// What runs when there is a server to connect to.
  private struct Parts: Sendable {
    let connection: ConnectionService
    let announcer: Announcer
    let watch: SystemWatch
    let responder: Responder
  }

  /// Accounts that wait to be announced again; each waits once.
  private static let mostAgain = 65_536

  private let registry: Registry
  private let reporter: ConnectionReporter
  private let parts: Parts?

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
    parts = Self.parts(options, servers, registry, metrics, logger, connector, reporter)
  }

  private static func parts(
    _ options: NATSOptions, _ servers: [ServerAddress], _ registry: Registry, _ metrics: MetricsRegistry, _ logger: Logger,
    _ connector: any NATSConnector, _ reporter: ConnectionReporter
  ) -> Parts {
    let link = CurrentLink()
    let questions = ServerQuestions()
    let (again, source) = AsyncStream.makeStream(of: AccountKey.self, bufferingPolicy: .bufferingNewest(mostAgain))
    let watch = SystemWatch(
      registry: registry, link: link, questions: questions, ownName: options.name, metrics: metrics, logger: logger,
      core: SystemCore(
        reconciler: Reconciler(limits: .init(interval: options.reconcileInterval, budget: options.reconcileBudget))),
      learn: { reporter.learn($0) }, announce: { source.yield($0) })
    let text = ReplyText(id: ownID(logger), name: options.name, version: options.version, clock: registry.clock)
    let responder = Responder(
      registry: registry, link: link, text: text, isOnlyAuthority: options.isOnlyAuthority, metrics: metrics, logger: logger,
      report: { watch.foreign($0, $1) })
    let connection = ConnectionService(
      servers: servers, options: options, connector: connector, questions: questions,
      subscriptions: responder.subscriptions + watch.subscriptions, systemAccounts: { [trust = registry.trust] in trust.systemAccounts },
      reporter: reporter
    ) { message in
      if !responder.hear(message) { watch.hear(message) }
    }
    registry.held.attach(HolderQuery(questions: questions))
    registry.fleet.attach(watch)
    if let subject = options.signRequestSubject {
      registry.signing.attach(SignRequest(questions: questions, subject: subject, timeout: options.signRequestTimeout))
    }
    let announcer = Announcer(
      registry: registry, connection: connection, watch: watch, again: again, metrics: metrics, logger: logger)
    return Parts(connection: connection, announcer: announcer, watch: watch, responder: responder)
  }

  /// What this program is called among those that answer: a key like a nats-server's, made anew at each start.
  private static func ownID(_ logger: Logger) -> String {
    do {
      return try KeyPair.generate(.server).publicKey.text
    } catch {
      logger.warning("this server has no id of its own in its answers over NATS", metadata: ["error": "\(error)"])
      return ReplyText.product
    }
  }

  /// How the connection stands, for `/readyz`.
  public var status: ConnectionStatus { reporter.status }

  /// Connects and announces until the service is cancelled or shut down; then waits, at most two seconds, for what is under way.
  public func run() async throws {
    // The work is not cancelled but asked to stop: a cancelled task could not save its cursor any more.
    let work = Task { [parts, registry] in
      guard let parts else { return }
      let asking = Task { await registry.followHeldAccounts() }
      await Self.run(parts)
      asking.cancel()
      await asking.value
    }
    let (end, ending) = AsyncStream.makeStream(of: Void.self)
    await withTaskCancellationOrGracefulShutdownHandler {
      await work.value
      // Without a server there was nothing to do, and the end is still to come.
      for await _ in end {}
    } onCancelOrGracefulShutdown: { [parts] in
      parts?.announcer.stop()
      ending.finish()
    }
  }

  /// Runs everything until the announcer stops, which ends the connection.
  private static func run(_ parts: Parts) async {
    await withDiscardingTaskGroup { group in
      group.addTask { await parts.watch.run() }
      group.addTask { await parts.responder.run() }
      group.addTask { for await message in parts.connection.replies { parts.watch.receive(message) } }
      group.addTask { await parts.announcer.run() }
      await parts.connection.run()
      parts.watch.stop()
      parts.responder.stop()
    }
  }
}
