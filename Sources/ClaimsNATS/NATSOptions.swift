/// How to reach the nats-servers, and as whom.
public struct NATSOptions: Sendable, Hashable {
  /// The servers as URLs, tried in this order: `nats://host:port` or `tls://host:port`, with `user:password@` or `token@` if wanted.
  ///
  /// Name several servers of a cluster: those that servers tell of are not used. Characters that a URL keeps for itself are percent-encoded in names and passwords.
  public var servers: [String]
  /// The credentials file of the user, if it logs in with one. It is read again for every connection.
  public var credentialsFile: String?
  /// A PEM file with the certificate authorities that sign the servers' certificates; TLS is used when it is set.
  public var certificateAuthorityFile: String?
  /// A PEM file with the client's certificate, for servers that ask for one.
  public var clientCertificateFile: String?
  /// A PEM file with the key of the client's certificate.
  public var clientKeyFile: String?
  /// Where accounts' own tokens are sent to be signed; nil when they are not.
  public var signRequestSubject: String?
  /// How long whoever signs may take.
  public var signRequestTimeout = Duration.seconds(1)
  /// The pause between two rounds in which servers are asked what they hold.
  public var reconcileInterval = Duration.seconds(30)
  /// How many accounts they are asked about in a second.
  public var reconcileBudget = 50
  /// Whether an account that is unknown here is known nowhere, so that lookups over NATS are told so at once.
  public var isOnlyAuthority = false
  /// The version that this program's answers name.
  public var version = ""
  /// The name the servers show for this connection.
  public var name: String
  /// How long one server may take to answer a connection attempt.
  public var connectTimeout: Duration
  /// The shortest and the longest pause before the servers are tried again; each pause is drawn at random between the shortest and a
  /// bound that doubles.
  public var reconnectWait: ClosedRange<Duration>

  /// Creates options.
  public init(
    servers: [String], credentialsFile: String? = nil, certificateAuthorityFile: String? = nil, name: String = "nats-claims",
    connectTimeout: Duration = .seconds(2), reconnectWait: ClosedRange<Duration> = .milliseconds(250) ... .seconds(8)
  ) {
    self.servers = servers
    self.credentialsFile = credentialsFile
    self.certificateAuthorityFile = certificateAuthorityFile
    self.name = name
    self.connectTimeout = connectTimeout
    self.reconnectWait = reconnectWait
  }

  /// Looks at what can be judged without the network, so that a mistake is told at the start and not in a retry.
  ///
  /// Throws ``NATSError`` `invalidURL` when there is no server or one's URL cannot be used.
  public func check() throws(NATSError) {
    guard !servers.isEmpty else { throw NATSError(.invalidURL, "no nats-server is configured") }
    for server in servers { _ = try ServerAddress(server) }
  }
}
