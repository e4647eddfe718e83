import ArgumentParser
import Logging
import ServerConfig

/// `nats-claims serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep account claims, answer lookups over HTTP, announce changes over NATS.",
    discussion: """
      Without a directory and an operator the embedded default runs: the directory store/, the keys keys/, the address 127.0.0.1:9090, and a \
      nats-server at nats://127.0.0.1:4222 if there is one; the first start makes a local operator.

      A configuration file is in the NATS configuration language, and takes every key of nats-account-server's; docs/configuration.md lists \
      all of them. Environment variables such as NATS_CLAIMS_STORE_DIR go before the file, and flags before both.

      Examples:
        nats-claims serve
        nats-claims serve -c claims.conf
        nats-claims serve -c claims.conf --check-config
        nats-claims serve -dir /var/lib/jwt -operator OP.jwt -hp 0.0.0.0:9090 -nats nats://localhost:4222 -creds sys.creds
      """)

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: "The configuration file; without it the one that NATS_CLAIMS_CONFIG names, if any.",
    completion: .file())
  var file: String?

  @Flag(
    name: [.customLong("check-config"), .customLong("dump", withSingleDash: true), .customLong("dump")],
    help: "Print the configuration that would hold, with where each value comes from, and what may be a mistake in it; start nothing.")
  var checksConfiguration = false

  @OptionGroup var flags: ServeFlags

  @Flag(help: "Move a log that is lost or damaged aside and begin anew from the files; older tokens are then no longer known as such.")
  var rebuildLog = false

  @OptionGroup var notYet: PeerOptions

  func validate() throws {
    try flags.check()
  }

  func run() async throws {
    let reader = ConfigurationReader(file: file, flags: flags.flags)
    let configuration = try reader.read()
    var options = configuration.options
    options.rebuildsLog = rebuildLog
    // Before anything is made or opened.
    try options.checkNATS(origin: configuration.origin(of: "nats.servers"))
    let doors = try Doors(options)
    if checksConfiguration { return try check(configuration) }
    let log = try ServerLog(options)
    let logger = log.logger
    for warning in configuration.warnings { logger.warning("configuration", metadata: ["problem": "\(warning)"]) }
    // The embedded default runs when neither a directory nor an operator is named.
    var welcome: Welcome?
    if configuration.origin(of: "store.dir") == .standard, options.operatorFiles.isEmpty {
      options.directory = ServerDefaults.directory
      let hasOwnNATS = configuration.origin(of: "nats.servers") != .standard
      welcome = try await EmbeddedDefault(keys: KeyStore(path: options.keys), hasOwnNATS: hasOwnNATS).prepare(&options, logger: logger)
    }
    let reload = ConfigurationReload(configuration, log: log, reader: reader)
    try await ServerProcess(options: options, doors: doors, welcome: welcome, reload: reload, logger: logger).run()
  }

  private func check(_ configuration: ServerConfiguration) throws {
    _ = try OperatorFile.all(configuration.options.operatorFiles)
    for line in configuration.lines { Console.print(line) }
    for warning in configuration.warnings { Console.note("warning: \(warning)") }
  }
}
