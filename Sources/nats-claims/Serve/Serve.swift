import ArgumentParser
import Logging
import ServerConfig

/// `nats-claims serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep account claims, answer lookups over HTTP, announce changes over NATS.",
    discussion: """
      Without -dir and -operator the embedded default runs: the directory store/, the keys keys/, the address 127.0.0.1:9090, and a \
      nats-server at nats://127.0.0.1:4222 if there is one; the first start makes a local operator.

      Examples:
        nats-claims serve
        nats-claims serve -dir /var/lib/jwt -operator OP.jwt -hp 0.0.0.0:9090 -nats nats://localhost:4222 -creds sys.creds
      """)

  @Option(
    name: [.customLong("dir", withSingleDash: true), .customLong("dir")], help: "The directory of .jwt files.", completion: .directory)
  var directory: String?

  @Option(
    name: [.customLong("operator", withSingleDash: true), .customLong("operator")],
    help: "The trusted operator's token file; may be given several times.", completion: .file())
  var operators: [String] = []

  @Option(name: [.customLong("hp", withSingleDash: true), .customLong("hp")], help: "Where to listen, HOST:PORT; port 0 takes a free one.")
  var address = ServerDefaults.address

  @Option(
    name: [.customLong("nats", withSingleDash: true), .customLong("nats")],
    help: "The nats-servers to announce to: URLs with commas between; user:password@ and tls:// are understood.")
  var nats: String?

  @Option(
    name: [.customLong("creds", withSingleDash: true), .customLong("creds")], help: "The creds file of a user of the system account.",
    completion: .file())
  var credentials: String?

  @Option(name: .customLong("nats-ca"), help: "The certificates (PEM) that nats-servers are checked with.", completion: .file())
  var natsCertificateAuthority: String?

  @Option(
    help: "The key store: of the embedded default, and of the operator keys that sign closing claims when an account is deleted.",
    completion: .directory)
  var keys = ServerDefaults.keys

  @Flag(help: "Keep files in sub-folders named by the last two characters of their keys.")
  var sharded = false

  @Flag(
    name: [.customLong("read-only"), .customLong("ro", withSingleDash: true), .customLong("ro")],
    help: "Serve and follow a directory that another writes; nothing is written or announced, pushes are refused.")
  var readOnly = false

  @Option(help: "The folder of the program's own state; without it DIR/.nats-claims.", completion: .directory)
  var state: String?

  @Flag(help: "Move a log that is lost or damaged aside and begin anew from the files; older tokens are then no longer known as such.")
  var rebuildLog = false

  @Option(help: "The most memory for tokens, such as 16MiB; the others are read from the log. Without it all are in memory.")
  var cache: ByteSize?

  @Option(help: "How many seconds ahead of the clock here a token's issue time may be.")
  var clockTolerance = ServerDefaults.clockTolerance

  @Option(help: "How many of an account's newest tokens the log keeps the bytes of; of older ones it keeps the hashes.")
  var keepVersions = ServerDefaults.keptVersions

  @Option(help: "For how many days the log keeps the bytes of delete claims, as 400 or 400d.")
  var keepTombstones = DayCount(days: ServerDefaults.keptTombstoneDays)

  @Flag(name: .customLong("allow-v1"), inversion: .prefixedNo, help: "Accept tokens of version 1.")
  var allowsVersion1 = true

  @Flag(name: .customShort("D"), help: "Log for debugging.")
  var debug = false

  @Flag(name: .customShort("V"), help: "Log everything.")
  var trace = false

  @Flag(name: .customLong("DV", withSingleDash: true), help: "Both of -D and -V.")
  var debugAndTrace = false

  @OptionGroup var notYet: PeerOptions

  func validate() throws {
    guard (0...ServerDefaults.longestClockTolerance).contains(clockTolerance) else {
      throw ValidationError(
        "--clock-tolerance: give a number of seconds from 0 to \(ServerDefaults.longestClockTolerance), which is a year")
    }
    if keepVersions < 1 { throw ValidationError("--keep-versions must be at least 1: the newest token is always kept") }
  }

  func run() async throws {
    let logger = ServerLog.make(trace || debugAndTrace ? .trace : debug ? .debug : .info)
    var options = settledOptions()
    // Before anything is made or opened.
    if let nats, !nats.isEmpty, options.natsServers.isEmpty { throw CommandFailure("-nats: \(nats) names no nats-server") }
    try options.checkNATS()
    // The embedded default runs when neither a directory nor an operator is named.
    var welcome: Welcome?
    if directory == nil, operators.isEmpty {
      welcome = try await EmbeddedDefault(keys: KeyStore(path: keys), hasOwnNATS: nats != nil).prepare(&options, logger: logger)
    }
    try await ServerProcess(options: options, welcome: welcome, logger: logger).run()
  }

  private func settledOptions() -> ServerOptions {
    var options = ServerOptions(directory: directory ?? (operators.isEmpty ? ServerDefaults.directory : "."))
    options.isSharded = sharded
    options.state = state
    options.isReadOnly = readOnly
    options.rebuildsLog = rebuildLog
    options.tokenCache = cache?.bytes
    options.clockTolerance = clockTolerance
    options.address = address
    options.operatorFiles = operators
    options.natsServers = nats.map { $0.split(separator: ",").map(String.init) } ?? []
    options.credentialsFile = credentials
    options.natsCertificateAuthority = natsCertificateAuthority
    options.keys = keys
    options.allowsVersion1 = allowsVersion1
    options.keptVersions = keepVersions
    options.keptTombstoneDays = keepTombstones.days
    return options
  }
}
