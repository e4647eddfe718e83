import Claims
import ClaimsRegistry
import ClaimsStore
import Logging
import Nkeys

/// What runs while there is a server to connect to: built once, each part knowing only those that it speaks to.
struct BridgeParts: Sendable {
  private let connection: ConnectionService
  private let announcer: Announcer
  private let watch: SystemWatch
  private let responder: Responder
  private let peers: PeerExchange
  private let resolvers: ResolverSync

  /// How often our own servers tell each other their hash, at most.
  private static let beaconInterval = Duration.seconds(10)
  /// Resolvers are asked for their pack as often as they ask each other.
  private static let roundsOfPack = 4

  init(
    _ options: NATSOptions, servers: [ServerAddress], registry: Registry, metrics: MetricsRegistry, logger: Logger,
    connector: any NATSConnector, reporter: ConnectionReporter
  ) {
    let link = CurrentLink()
    let id = Self.ownID(logger)
    let drops = DropCount()
    // What is not part of a stream of messages: a pack of a resolver is whole all the same.
    let passedOver = DropCount()
    let questions = ServerQuestions(drops: passedOver)
    let again = AgainList(drops: passedOver)
    let reconciler = Reconciler(limits: .init(interval: options.reconcileInterval, budget: options.reconcileBudget))
    let watch = SystemWatch(
      registry: registry, link: link, questions: questions, metrics: metrics, logger: logger,
      drops: drops, passedOver: passedOver, core: SystemCore(reconciler: reconciler),
      learn: { reporter.learn($0) }, announce: { again.add($0) })
    let responder = Responder(
      registry: registry, link: link, text: ReplyText(id: id, name: options.name, version: options.version, clock: registry.clock),
      isOnlyAuthority: options.isOnlyAuthority, metrics: metrics, logger: logger, drops: drops,
      report: { watch.report($0) })
    let peers = PeerExchange(
      id: id, registry: registry, link: link, interval: min(options.reconcileInterval, Self.beaconInterval), logger: logger,
      drops: drops, passedOver: passedOver)
    let resolvers = ResolverSync(
      registry: registry, link: link, questions: questions, interval: options.reconcileInterval * Self.roundsOfPack, logger: logger,
      drops: drops, passedOver: passedOver, announce: { again.add($0) })
    link.notify { peers.hurry() }
    link.notify { resolvers.hurry() }
    connection = ConnectionService(
      servers: servers, options: options, connector: connector, questions: questions,
      subscriptions: responder.subscriptions + watch.subscriptions + peers.subscriptions,
      systemAccounts: { [trust = registry.trust] in trust.systemAccounts }, reporter: reporter, drops: drops, passedOver: passedOver,
      receive: { message in
        if !peers.receive(message), !resolvers.receive(message) { watch.receive(message) }
      },
      hear: { message in
        if !responder.hear(message), !peers.hear(message) { watch.hear(message) }
      })
    announcer = Announcer(
      registry: registry, connection: connection, watch: watch, again: again, metrics: metrics, logger: logger,
      passedOver: passedOver,
      deleted: { account, sequence in
        resolvers.deleted(account)
        watch.report(.deleted(account, sequence: sequence))
      },
      closed: { resolvers.closed($0) })
    self.watch = watch
    self.responder = responder
    self.peers = peers
    self.resolvers = resolvers
    registry.held.attach(HolderQuery(questions: questions))
    registry.fleet.attach(watch)
    if let subject = options.signRequestSubject {
      registry.signing.attach(SignRequest(questions: questions, subject: subject, timeout: options.signRequestTimeout))
    }
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

  /// Runs everything until the announcer stops, which ends the connection.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await watch.run() }
      group.addTask { await responder.run() }
      group.addTask { await peers.run() }
      group.addTask { await resolvers.run() }
      group.addTask { await announcer.run() }
      await connection.run()
      watch.stop()
      responder.stop()
      peers.stop()
      resolvers.stop()
    }
  }

  /// Ends ``run()`` once what is under way has arrived.
  func stop() { announcer.stop() }
}
