/// What `serve` runs with, after flags and defaults are settled.
public struct ServerOptions: Sendable, Hashable {
  /// The directory of `.jwt` files.
  public var directory = "."
  /// Whether files lie in sub-folders named by the last two characters of their keys.
  public var isSharded = false
  /// Where our own state lies; nil for `.nats-claims` in the directory.
  public var state: String?
  /// Whether the directory is another's: it is read and followed, never written.
  public var isReadOnly = false
  /// Whether a log that is lost or cannot be opened is moved aside and begun anew.
  public var rebuildsLog = false
  /// The most bytes of tokens in memory; nil for all of them.
  public var tokenCache: Int?
  /// How far ahead of our clock a token's issue time may be.
  public var clockTolerance = ServerDefaults.clockTolerance
  /// The name or address to listen on.
  public var host = ServerDefaults.address.host
  /// The port to listen on; 0 for any free one.
  public var port = ServerDefaults.address.port
  /// The name or address to listen on for everything but lookups; nil to answer everything at one address.
  public var administrationHost: String?
  /// The port for that; nil to answer everything at one address.
  public var administrationPort: Int?
  /// How long the headers of a request may take, and then its body; nil for the server's own deadlines.
  public var readTimeout: Duration?
  /// How long a connection may lie without a request.
  public var idleTimeout = ServerDefaults.idleTimeout
  /// The largest header block of a request, in bytes.
  public var largestHeaders = ServerDefaults.largestHeaders
  /// The largest body of a request, in bytes.
  public var largestBody = ServerDefaults.largestBody
  /// The most connections in all.
  public var mostConnections = ServerDefaults.mostConnections
  /// The most connections of one address; nil for any number.
  public var mostConnectionsOfAddress: Int?
  /// The most questions a second of one address about unknown keys; nil for any number.
  public var mostUnknownKeys: Int?
  /// The origins whose pages may read answers; `*` for any.
  public var origins: [String] = []
  /// How long a client may not take its answer; nil for the server's own deadline.
  public var writeTimeout: Duration?
  /// The server's certificate in PEM, with those between it and its authority; nil for plain HTTP.
  public var tlsCertificate: String?
  /// Its key in PEM.
  public var tlsKey: String?
  /// The authorities that sign clients' certificates, in PEM.
  public var tlsClientAuthority: String?
  /// Whether clients show certificates.
  public var tlsClientCertificates = ClientCertificates.none
  /// What clients must show for what.
  public var access = AccessRules()
  /// The file with the bearer tokens, one a line.
  public var accessTokenFile: String?
  /// The trusted operators' token files.
  public var operatorFiles: [String] = []
  /// The nats-servers to announce to; none: nothing is announced.
  public var natsServers: [String] = []
  /// How long one nats-server may take to answer a connection attempt.
  public var natsConnectTimeout = ServerDefaults.natsConnectTimeout
  /// The shortest pause before the nats-servers are tried again.
  public var natsReconnectWait = ServerDefaults.natsReconnectWait
  /// The creds file of a user of the system account.
  public var credentialsFile: String?
  /// The certificates that NATS servers are checked with, in PEM.
  public var natsCertificateAuthority: String?
  /// The client's certificate in PEM that nats-servers are shown.
  public var natsCertificate: String?
  /// Its key in PEM.
  public var natsKey: String?
  /// Whether an account that is unknown here is known nowhere.
  public var isOnlyAuthority = false
  /// How long answers to pushes wait for the nats-servers, to say who holds them; zero for not at all.
  public var reportsDelivery = Duration.zero
  /// The pause from one comparison of what nats-servers hold with the store to the next.
  public var reconcileInterval = ServerDefaults.reconcileInterval
  /// How many accounts nats-servers are asked about in a second, for that.
  public var reconcileBudget = ServerDefaults.reconcileBudget
  /// The system account's token, which is served when the store has none.
  public var systemAccountFile: String?
  /// The account server whose accounts are copied at the start.
  public var primary: String?
  /// How long the primary may take to answer.
  public var primaryTimeout = ServerDefaults.primaryTimeout
  /// The most accounts of a pack: to ask the primary for, and to give.
  public var largestPack = ServerDefaults.largestPack
  /// The key store whose operator keys sign closing claims.
  public var keys = ServerDefaults.keys
  /// Whether accounts' own tokens are signed here.
  public var signing = SigningChoice.none
  /// Where accounts' own tokens are sent to be signed; nil when they are not.
  public var signRequestSubject: String?
  /// How long whoever signs them may take.
  public var signRequestTimeout = ServerDefaults.signRequestTimeout
  /// How many of an account's newest tokens the log keeps the bytes of.
  public var keptVersions = ServerDefaults.keptVersions
  /// For how many days the log keeps the bytes of delete claims.
  public var keptTombstoneDays = ServerDefaults.keptTombstoneDays
  /// Whether tokens of version 1 are accepted.
  public var allowsVersion1 = true
  /// From which weight on lines are logged.
  public var logLevel = LogLevel.info
  /// Whether lines for debugging are logged, whatever the level.
  public var logsDebug = false
  /// Whether everything is logged, whatever the level.
  public var logsTrace = false
  /// What the log's lines are.
  public var logFormat = LogFormat.text
  /// The file that lines are added to; nil for standard error.
  public var logFile: String?
  /// Whether a line of text has the time.
  public var logsTime = true
  /// Whether a line of text has the number of the process.
  public var logsProcess = false
  /// Whether levels have colours where standard error is a terminal.
  public var logsColours = true

  /// Creates options that say nothing.
  public init() {}

  /// Where to listen.
  public var address: HostPort { HostPort(host: host, port: port) }

  /// Where to listen for everything but lookups; nil to answer everything at one address.
  public var administrationAddress: HostPort? {
    administrationPort.map { HostPort(host: administrationHost ?? ServerDefaults.address.host, port: $0) }
  }
}
