public import ClaimsRegistry
public import ClaimsStore
import Glibc
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// The administration door: HTTP over a Unix socket in the state folder, so that whoever may write there, and nobody else, may bring older tokens
/// back and give accounts to other operators.
public final class AdministrationServer: Service {
  private let application: Application<RouterResponder<ClaimsRequestContext>>
  private let connections: ConnectionCount
  private let tasks = ConnectionTasks()
  private let folder: SocketFolder
  /// Where the socket lies, in full.
  private let place: String

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
    place = "\(state.path)/\(StateFolder.socketName)"
    unlink(path)
    let httpMetrics = HTTPMetrics(metrics)
    let lookups = Lookups(registry: registry, metrics: httpMetrics)
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    let connections = ConnectionCount(cap: limits.connections)
    self.connections = connections
    application = Application(
      router: AdministrationRoutes(registry: registry, largestBody: limits.body).router(),
      server: HTTPServerBuilder { [tasks] responder in
        LimitedChannel(
          responder: responder, limits: limits, lookups: lookups, connections: connections, tasks: tasks, metrics: httpMetrics)
      },
      configuration: .init(address: .unixDomainSocket(path: path)), logger: quiet)
  }

  /// Listens and answers until the service group shuts down.
  ///
  /// - Throws: ``FileError`` when the socket cannot be made.
  public func run() async throws {
    do {
      try await tasks.serve { [application, connections] in
        try await application.run()
        await connections.empty()
      }
    } catch let error as IOError {
      throw FileError(code: error.errnoCode, call: "bind", path: place)
    } catch is UnixDomainSocketPathWrongType {
      throw FileError(code: EEXIST, call: "bind", path: place)
    }
  }
}
