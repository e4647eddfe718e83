import Claims
import ClaimsHTTP
import ClaimsNATS
import ClaimsRegistry
import ClaimsStore
import Glibc
import Logging
import NIOCore
import ServerConfig
import ServiceLifecycle
import UnixSignals

/// Puts the server together and runs it until a signal stops it.
struct ServerProcess {
  let options: ServerOptions
  let doors: Doors
  /// What the embedded default prints when the server listens.
  let welcome: Welcome?
  let reload: ConfigurationReload
  let logger: Logger

  func run() async throws {
    // A reader of the log that goes away must not take the server along.
    signal(SIGPIPE, SIG_IGN)
    Console.goesOnWithoutOutput()
    // Nor must a terminal that goes away, or a request to read files again before or after there is anyone to do it.
    signal(SIGHUP, SIG_IGN)
    let hangups = await UnixSignalsSequence(trapping: .sighup)
    let (operatorRequests, operatorRequest) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    OpenFiles.raise(logger)
    let operatorFiles = try OperatorFile.all(options.operatorFiles)
    let trusted = operatorFiles.map(\.trusted)
    let store = try Store(options.store, logger: logger)
    let metrics = MetricsRegistry()
    let registry = Registry(
      store: store, trust: TrustedOperators(trusted), policy: options.admission, metrics: metrics,
      signers: KeyStore(path: options.keys), signing: AccountSigning(isLocal: options.signing == .local), logger: logger)
    try await registry.resumeOperators(from: options.operatorFiles)
    await registry.noteOperators()
    try await registry.adoptDirectory()
    try await StartingTokens(options: options, registry: registry, logger: logger).bring()
    if options.signing == .local, options.access.pushes == .open {
      logger.warning("accounts are signed here and pushes are open: anybody who reaches this server can make accounts; see access.pushes")
    }
    if trusted.isEmpty { logger.warning("no operator is trusted: every push will be refused; start with -operator FILE") }

    // Services stop in the reverse order: HTTP first, so that no push comes in; NATS announces what is left; the store closes last.
    var services: [any Service] = [
      StoreService(store: store), OperatorWatch(files: operatorFiles, registry: registry, requests: operatorRequests, logger: logger),
      HangupWatch(hangups: hangups) {
        reload.run(logger: logger)
        doors.reload(logger: logger)
        operatorRequest.yield()
      },
      DirectoryWatch(registry: registry), DoorWatch(doors: doors, logger: logger),
    ]
    if options.isReadOnly {
      logger.notice(
        "the directory is only read: pushes are refused, and what changes in it is followed",
        metadata: ["directory": "\(options.directory)"])
    }
    if !options.natsServers.isEmpty {
      services.append(NATSBridge(options: options.nats, registry: registry, metrics: metrics, logger: logger))
    }
    if let state = store.state {
      services.append(try AdministrationServer(state: state, registry: registry, metrics: metrics, logger: logger))
    }
    services += servers(registry, metrics)
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: ServerLog.quiet)
    configuration.maximumGracefulShutdownDuration = .seconds(15)
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
      let addresses = ([options.address] + (options.administrationAddress.map { [$0] } ?? [])).map(\.description).joined(separator: " or ")
      throw CommandFailure("the server cannot listen on \(addresses): \(error.text)")
    } catch let error as FileError {
      throw CommandFailure("the server's administration door cannot be opened: \(error); check what lies there")
    } catch let error as SocketAddressError.UnknownHost {
      throw CommandFailure("the server cannot listen on \(options.address): the host \(error.host) cannot be resolved")
    }
    logger.notice("stopped")
  }

  /// The servers over HTTP: one for everything, or one for lookups and one for everything.
  private func servers(_ registry: Registry, _ metrics: MetricsRegistry) -> [any Service] {
    let administration = options.administrationAddress
    let lookups = server(options.address, registry, metrics, scope: administration == nil ? .everything : .lookups) { url in
      Console.print("nats-claims \(Version.text) listens on \(url)")
      Console.print("resolver: URL(\(url)/jwt/v1/accounts/)")
    }
    guard let administration else { return [lookups] }
    return [lookups, server(administration, registry, metrics, beside: lookups) { Console.print("administration: \($0)") }]
  }

  private func server(
    _ address: HostPort, _ registry: Registry, _ metrics: MetricsRegistry, scope: DoorScope = .everything,
    beside other: ClaimsServer? = nil,
    onListening: @escaping @Sendable (_ url: String) -> Void
  ) -> ClaimsServer {
    let scheme = doors.tls == nil ? "http" : "https"
    return ClaimsServer(
      address: .init(host: address.host, port: address.port), registry: registry, metrics: metrics, limits: options.limits,
      access: doors.access, tls: doors.tls, scope: scope,
      reportsDelivery: options.reportsDelivery, version: Version.text, beside: other, logger: logger,
      onListening: { [welcome] port in
        let url = "\(scheme)://\(HostPort(host: address.host, port: port))"
        if other == nil { for line in welcome?.lines(url: url) ?? [] { Console.print(line) } }
        onListening(url)
      })
  }
}
