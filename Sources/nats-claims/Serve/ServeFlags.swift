import ArgumentParser
import ServerConfig

/// The flags of `serve` that say a setting. What they say goes before environment variables and the file; what is not said is left to them.
struct ServeFlags: ParsableArguments {
  @Option(
    name: [.customLong("dir", withSingleDash: true), .customLong("dir")], help: "The directory of .jwt files.", completion: .directory)
  var directory: String?

  @Option(
    name: [.customLong("operator", withSingleDash: true), .customLong("operator")],
    help: "The trusted operator's token file; may be given several times.", completion: .file())
  var operators: [String] = []

  @Option(
    name: [.customLong("hp", withSingleDash: true), .customLong("hp")],
    help: "Where to listen, HOST:PORT; port 0 takes a free one. (default: \(ServerDefaults.address))")
  var address: HostPort?

  @Option(
    name: [.customLong("nats", withSingleDash: true), .customLong("nats")],
    help: "The nats-servers to announce to: URLs with commas between; user:password@ and tls:// are understood.")
  var nats: String?

  @Option(
    name: [.customLong("creds", withSingleDash: true), .customLong("creds")], help: "The creds file of a user of the system account.",
    completion: .file())
  var credentials: String?

  @Option(
    name: [.customLong("primary", withSingleDash: true), .customLong("primary")],
    help: "An account server whose accounts are copied at the start.")
  var primary: String?

  @Option(name: .customLong("nats-ca"), help: "The certificates (PEM) that nats-servers are checked with.", completion: .file())
  var natsCertificateAuthority: String?

  @Option(
    help: """
      The key store: of the embedded default, and of the operator keys that sign closing claims when an account is deleted. \
      (default: \(ServerDefaults.keys))
      """,
    completion: .directory)
  var keys: String?

  @Flag(inversion: .prefixedNo, help: "Keep files in sub-folders named by the last two characters of their keys.")
  var sharded: Bool?

  @Flag(
    name: [.customLong("read-only"), .customLong("ro", withSingleDash: true), .customLong("ro")],
    help: "Serve and follow a directory that another writes; nothing is written or announced, pushes are refused.")
  var readOnly = false

  @Option(help: "The folder of the program's own state; without it DIR/.nats-claims.", completion: .directory)
  var state: String?

  @Option(help: "The most memory for tokens, such as 16MiB; the others are read from the log. Without it all are in memory.")
  var cache: String?

  @Option(help: "How many seconds ahead of the clock here a token's issue time may be. (default: 300)")
  var clockTolerance: String?

  @Option(
    help: """
      How many of an account's newest tokens the log keeps the bytes of; of older ones it keeps the hashes. \
      (default: \(ServerDefaults.keptVersions))
      """)
  var keepVersions: String?

  @Option(help: "For how many days the log keeps the bytes of delete claims. (default: \(ServerDefaults.keptTombstoneDays)d)")
  var keepTombstones: String?

  @Flag(name: .customLong("allow-v1"), inversion: .prefixedNo, help: "Accept tokens of version 1. (default: --allow-v1)")
  var allowsVersion1: Bool?

  @Flag(name: .customShort("D"), help: "Log for debugging.")
  var debug = false

  @Flag(name: .customShort("V"), help: "Log everything.")
  var trace = false

  @Flag(name: .customLong("DV", withSingleDash: true), help: "Both of -D and -V.")
  var debugAndTrace = false

  /// Refuses values that a flag does not take.
  func check() throws(ValidationError) {
    do throws(ConfigError) {
      _ = try ServerConfiguration(file: nil, flags: flags, source: ConfigSource(environment: [:]))
    } catch {
      throw ValidationError(error.message)
    }
  }

  /// What was said.
  var flags: [ServerConfiguration.Flag] {
    var flags: [ServerConfiguration.Flag] = []
    func add(_ path: String, _ name: String, _ value: String?) {
      if let value { flags.append(ServerConfiguration.Flag(path, name: name, values: [value])) }
    }
    add("store.dir", "-dir", directory)
    if !operators.isEmpty { flags.append(ServerConfiguration.Flag("operatorjwtpath", name: "-operator", values: operators)) }
    add("http.host", "-hp", address?.host)
    add("http.port", "-hp", address.map { "\($0.port)" })
    add("nats.servers", "-nats", nats)
    add("nats.usercredentials", "-creds", credentials)
    add("primary", "-primary", primary)
    add("nats.tls.root", "--nats-ca", natsCertificateAuthority)
    add("keys", "--keys", keys)
    add("store.shard", sharded == false ? "--no-sharded" : "--sharded", sharded.map { "\($0)" })
    add("store.readonly", "-ro", readOnly ? "true" : nil)
    add("store.state", "--state", state)
    add("store.cache", "--cache", cache)
    add("clocktolerance", "--clock-tolerance", clockTolerance)
    add("store.keepversions", "--keep-versions", keepVersions)
    add("store.keeptombstones", "--keep-tombstones", keepTombstones)
    add("allowv1", allowsVersion1 == false ? "--no-allow-v1" : "--allow-v1", allowsVersion1.map { "\($0)" })
    if debug || debugAndTrace { add("logging.debug", debug ? "-D" : "-DV", "true") }
    if trace || debugAndTrace { add("logging.trace", trace ? "-V" : "-DV", "true") }
    return flags
  }
}
