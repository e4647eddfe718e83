/// What holds when nothing is said.
public enum ServerDefaults {
  /// Where the server listens: the peer's port, on loopback.
  public static let address = HostPort(host: "127.0.0.1", port: 9090)
  /// How far ahead of our clock a token's issue time may be.
  public static let clockTolerance = Duration.seconds(300)
  /// The largest that may be asked for: a year.
  public static let longestClockTolerance = Duration.seconds(31_536_000)
  /// How long one nats-server may take to answer a connection attempt, as with the peer.
  public static let natsConnectTimeout = Duration.seconds(5)
  /// The shortest pause before nats-servers are tried again.
  public static let natsReconnectWait = Duration.milliseconds(250)
  /// The pause between two rounds in which nats-servers are asked what they hold.
  public static let reconcileInterval = Duration.seconds(30)
  /// How many accounts they are asked about in a second.
  public static let reconcileBudget = 50
  /// How long whoever signs accounts over NATS may take, as with the peer.
  public static let signRequestTimeout = Duration.seconds(1)
  /// How long the primary may take to answer, as with the peer.
  public static let primaryTimeout = Duration.seconds(5)
  /// The most accounts of a pack, as with the peer.
  public static let largestPack = 10_000
  /// How long a connection may lie without a request.
  public static let idleTimeout = Duration.seconds(30)
  /// The largest header block of a request, in bytes.
  public static let largestHeaders = 16 << 10
  /// The largest body of a request, in bytes: no token is larger.
  public static let largestBody = 1 << 20
  /// The most connections in all.
  public static let mostConnections = 8_192
  /// The directory of the embedded default.
  public static let directory = "store"
  /// The key store of the embedded default.
  public static let keys = "keys"
  /// The nats-server of the embedded default.
  public static let nats = "nats://127.0.0.1:4222"
  /// The name of the local operator.
  public static let operatorName = "local"
  /// How many of an account's newest tokens the log keeps the bytes of.
  public static let keptVersions = 20
  /// For how many days the log keeps the bytes of delete claims.
  public static let keptTombstoneDays = 400
}
