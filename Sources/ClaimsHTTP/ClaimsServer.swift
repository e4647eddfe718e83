public import ClaimsRegistry
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// The door over HTTP, as a service.
public final class ClaimsServer: Service {
  /// Where it listens.
  public struct Address: Sendable, Hashable {
    /// A name or an address of this machine.
    public var host: String
    /// The port; 0 for any free one.
    public var port: Int

    /// Creates an address.
    public init(host: String, port: Int) {
      self.host = host
      self.port = port
    }
  }

  private let application: Application<RouterResponder<ClaimsRequestContext>>
  private let lookups: Lookups
  private let connections: [ConnectionCount]
  private let own: ConnectionCount
  private let tasks: ConnectionTasks

  /// Creates the server; it listens when it runs.
  ///
  /// - Parameters:
  ///   - address: where to listen.
  ///   - registry: what is served.
  ///   - metrics: where figures go and come from.
  ///   - limits: what one client may take.
  ///   - access: what clients must show for what.
  ///   - tls: what the server is known by over TLS; nil for plain HTTP.
  ///   - scope: what is answered at the address.
  ///   - reportsDelivery: how long answers to pushes wait for the nats-servers, to say who holds them; zero for not at all.
  ///   - version: the program's version, as its status tells it.
  ///   - other: the server at another address that this one stands beside: figures are those of both, and pushes give way to the lookups of both.
  ///   - logger: the server's own log.
  ///   - onListening: told the port when the server listens.
  public init(
    address: Address, registry: Registry, metrics: MetricsRegistry, limits: HTTPLimits = HTTPLimits(),
    access: AccessPolicy = AccessPolicy(), tls: TLSIdentity? = nil, scope: DoorScope = .everything,
    reportsDelivery: Duration = .zero, version: String = "",
    beside other: ClaimsServer? = nil,
    logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    let httpMetrics = HTTPMetrics(metrics)
    let lookups = other?.lookups ?? Lookups(registry: registry, metrics: httpMetrics, limits: limits)
    let pushes = Pushes(registry: registry, largestBody: limits.body, judges: PushJudges { lookups.load.isBusy })
    let connections = ConnectionCount(cap: limits.connections, perAddress: limits.connectionsOfAddress)
    let tasks = ConnectionTasks()
    self.lookups = lookups
    own = connections
    self.tasks = tasks
    self.connections = (other?.connections ?? []) + [connections]
    let routes = Routes(
      accounts: AccountRoutes(registry: registry, lookups: lookups, largestBody: limits.body, reportsDelivery: reportsDelivery),
      activations: ActivationRoutes(registry: registry, lookups: lookups, largestBody: limits.body),
      service: ServiceRoutes(registry: registry, largestPack: limits.pack),
      status: StatusRoutes(registry: registry, metrics: metrics, connections: self.connections),
      api: APIRoutes(registry: registry, largestBody: limits.body, version: version), access: access, scope: scope)
    // What is not open, and what pages of other origins may read, goes through the framework, where the gate is.
    let plainLookups = access.requirement(of: .lookups) == .open && access.origins.isEmpty ? lookups : nil
    // So does a push whose answer says who holds it.
    let isPlain = scope == .everything && access.requirement(of: .pushes) == .open && access.origins.isEmpty && reportsDelivery == .zero
    let plainPushes = isPlain ? pushes : nil
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    application = Application(
      router: routes.router(),
      server: HTTPServerBuilder { responder in
        LimitedChannel(
          responder: responder, limits: limits, lookups: plainLookups, pushes: plainPushes, connections: connections, tasks: tasks,
          metrics: httpMetrics, tls: tls)
      },
      configuration: .init(address: .hostname(address.host, port: address.port), backlog: 1024),
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? address.port) },
      logger: quiet)
  }

  /// Listens and answers until the service group shuts down; open requests are finished.
  public func run() async throws {
    try await tasks.serve { [application, own] in
      try await application.run()
      // To the framework a connection is done when it is accepted: it waits for none.
      await own.empty()
    }
  }
}
