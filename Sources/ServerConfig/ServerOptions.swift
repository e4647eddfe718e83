/// What `serve` runs with, after flags and defaults are settled.
public struct ServerOptions: Sendable, Hashable {
  /// The directory of `.jwt` files.
  public var directory: String
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
  /// How far ahead of our clock a token's issue time may be, in seconds.
  public var clockTolerance = ServerDefaults.clockTolerance
  /// Where to listen.
  public var address = ServerDefaults.address
  /// The trusted operators' token files.
  public var operatorFiles: [String] = []
  /// The nats-servers to announce to; none: nothing is announced.
  public var natsServers: [String] = []
  /// The creds file of a user of the system account.
  public var credentialsFile: String?
  /// The certificates that NATS servers are checked with, in PEM.
  public var natsCertificateAuthority: String?
  /// The key store whose operator keys sign closing claims.
  public var keys = ServerDefaults.keys
  /// How many of an account's newest tokens the log keeps the bytes of.
  public var keptVersions = ServerDefaults.keptVersions
  /// For how many days the log keeps the bytes of delete claims.
  public var keptTombstoneDays = ServerDefaults.keptTombstoneDays
  /// Whether tokens of version 1 are accepted.
  public var allowsVersion1 = true

  /// Creates options for a directory, with the defaults for the rest.
  public init(directory: String) {
    self.directory = directory
  }
}
