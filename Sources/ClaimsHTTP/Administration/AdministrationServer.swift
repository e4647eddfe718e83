public import ClaimsRegistry
public import ClaimsStore
import Glibc
import Hummingbird
import HummingbirdCore
public import Logging
public import ServiceLifecycle

/// The administration door: HTTP over a Unix socket in the state folder, so that whoever may write there, and nobody else, may bring older tokens
/// back and give accounts to other operators.
public final class AdministrationServer: Service {
  private let application: Application<RouterResponder<ClaimsRequestContext>>
  private let folder: SocketFolder

  /// Creates the door; it listens when it runs. A socket that an earlier server left behind is replaced.
  ///
  /// - Parameters:
  ///   - state: the folder in which the socket lies; the caller holds its lock.
  ///   - registry: what is administered.
  ///   - metrics: where figures go.
  ///   - limits: what one client may take.
  ///   - logger: the server's own log.
  /// - Throws: ``FileError`` when the folder cannot be opened.
  public init(
    state: StateFolder, registry: Registry, metrics: MetricsRegistry, limits: HTTPLimits = HTTPLimits(), logger: Logger
  ) throws(FileError) {
    folder = try SocketFolder(state.path)
    let path = folder.path(of: StateFolder.socketName)
    unlink(path)
    let httpMetrics = HTTPMetrics(metrics)
    let lookups = Lookups(registry: registry, metrics: httpMetrics)
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    application = Application(
      router: AdministrationRoutes(registry: registry, largestBody: limits.body).router(),
      server: HTTPServerBuilder { responder in
        LimitedChannel(
          responder: responder, limits: limits, lookups: lookups, connections: ConnectionCount(cap: limits.connections),
          metrics: httpMetrics)
      },
      configuration: .init(address: .unixDomainSocket(path: path)), logger: quiet)
  }

  /// Listens and answers until the service group shuts down.
  public func run() async throws {
    try await application.run()
  }
}
