/// Every key of the configuration. A key of the peer (nats-account-server) keeps its name and meaning.
public enum Settings {
  /// All of them, in the order of the document.
  public static let all = operators + store + http + access + nats + logging

  /// The setting of a path, in lower case.
  static func named(_ path: String) -> Setting? { byPath[path] }

  /// Whether settings lie below a path.
  static func isGroup(_ path: String) -> Bool { groups.contains(path) }

  /// Every path below which settings lie.
  static let groups = Set(
    all.flatMap { setting in
      let parts = setting.path.split(separator: ".")
      return parts.indices.dropFirst().map { parts[..<$0].joined(separator: ".") }
    }
  ).sorted()

  private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

  private static let operators = [
    Setting(
      "operatorjwtpath", .paths, \.operatorFiles, flag: "-operator",
      "The trusted operators' token files: their identity and signing keys may sign accounts. Without one every push is refused."),
    Setting(
      "systemaccountjwtpath", optional: .path, \.systemAccountFile,
      "The system account's token file: taken over at the start when the store knows nothing of that account."),
    Setting(
      "primary", optional: .url, \.primary, flag: "-primary",
      "An account server whose accounts are copied at the start: unknown ones as they are, known ones when they are newer."),
    Setting("replicationtimeout", .milliseconds, \.primaryTimeout, "How long the primary may take to answer."),
    Setting(
      "maxreplicationpack", .count(0...Int.max), \.largestPack,
      "The most accounts of a pack: to ask the primary for, and to give. 0 switches the copying off."),
    Setting(
      "keys", .path, \.keys, flag: "--keys",
      "The key store, in nsc's layout, of the operator keys that sign closing claims when an account is deleted."),
    Setting(
      "signing", .choice, \.signing,
      "`local` signs accounts' own tokens with an operator's key from `keys`: whoever may push may then make accounts. Limits stay as stored."
    ),
    Setting(
      "signrequestsubject", optional: .text, \.signRequestSubject,
      "Where accounts' own tokens are sent over NATS to be signed; the reply is the signed token, or says in words that it waits."),
    Setting("signrequesttimeout", .milliseconds, \.signRequestTimeout, "How long the signing service may take."),
    Setting(
      "clocktolerance", .span(.seconds(1), unit: "seconds", range: .zero...ServerDefaults.longestClockTolerance), \.clockTolerance,
      flag: "--clock-tolerance", "How far ahead of the clock here a token's issue time may be."),
    Setting("allowv1", .boolean, \.allowsVersion1, flag: "--allow-v1", "Whether tokens of version 1 are accepted."),
  ]

  private static let store = [
    Setting("store.dir", .path, \.directory, flag: "-dir", "The directory of `.jwt` files."),
    Setting(
      "store.shard", .boolean, \.isSharded, flag: "--sharded",
      "Whether files lie in sub-folders named by the last two characters of their keys."),
    Setting(
      "store.readonly", .boolean, \.isReadOnly, flag: "-ro",
      "Whether the directory is another's: it is served and followed, never written, and pushes are refused."),
    Setting(
      "store.state", optional: .path, \.state, flag: "--state",
      "The folder of the program's own state; without it `.nats-claims` in the directory."),
    Setting(
      "store.cache", optional: .size(0...Int.max), \.tokenCache, flag: "--cache",
      "The most bytes of tokens in memory; others are read from the log. Without it all are in memory."),
    Setting(
      "store.keepversions", .count(1...Int.max), \.keptVersions, flag: "--keep-versions",
      "How many of an account's newest tokens the log keeps the bytes of; of older ones it keeps the hashes."),
    Setting(
      "store.keeptombstones", .days, \.keptTombstoneDays, flag: "--keep-tombstones",
      "For how long the log keeps the bytes of delete claims."),
  ]

  private static let http = [
    Setting("http.host", .text, \.host, flag: "-hp", "The name or address to listen on."),
    Setting("http.port", .count(0...65_535), \.port, flag: "-hp", "The port to listen on; 0 takes a free one."),
    Setting(
      "http.admin.port", optional: .count(0...65_535), \.administrationPort,
      "A port of its own for pushes, deletions, packs and metrics: `http.port` then answers lookups alone."),
    Setting(
      "http.admin.host", optional: .text, \.administrationHost, "The name or address for `http.admin.port`; without it `127.0.0.1`."),
    Setting(
      "http.readtimeout", optional: .milliseconds, \.readTimeout,
      "How long the headers of a request may take, and then its body; without it 5 s and 10 s."),
    Setting(
      "http.writetimeout", optional: .milliseconds, \.writeTimeout, "How long a client may leave its answer lying; without it 30 s."),
    Setting("http.idletimeout", .milliseconds, \.idleTimeout, "How long a connection may lie without a request."),
    Setting("http.maxheaders", .size(1 << 10...1 << 20), \.largestHeaders, "The largest header block of a request."),
    Setting("http.maxbody", .size(1 << 10...1 << 26), \.largestBody, "The largest body of a request; no token is larger than 1 MiB."),
    Setting(
      "http.maxconnections", .count(1...1 << 20), \.mostConnections,
      "The most connections in all; one more takes the place of one that lies idle, or is closed."),
    Setting(
      "http.maxconnectionsperaddress", optional: .count(1...1 << 20), \.mostConnectionsOfAddress,
      "The most connections of one address. Without it any number: behind a NAT or a load balancer many clients share one."),
    Setting(
      "http.maxunknownkeys", optional: .count(1...1 << 20), \.mostUnknownKeys,
      "The most questions a second of one address about keys that nobody has; more get 429. Keys that are served are never counted."),
    Setting(
      "http.cors", .origins, \.origins,
      "The origins (`https://console.example`) whose pages may read answers, or `*` for any. Without it none may."),
    Setting(
      "http.tls.cert", optional: .path, \.tlsCertificate,
      "The server's certificate (PEM), with those between it and its authority; with it the server speaks HTTPS. Read again when it changes."
    ),
    Setting("http.tls.key", optional: .path, \.tlsKey, "The certificate's key (PEM)."),
    Setting("http.tls.root", optional: .path, \.tlsClientAuthority, "The authorities (PEM) that sign clients' certificates."),
    Setting("http.tls.clients", .choice, \.tlsClientCertificates, "Whether clients show certificates."),
  ]

  private static let access = [
    Setting(
      "access.tokenfile", optional: .path, \.accessTokenFile,
      "The file with the bearer tokens that clients may show, one a line; read again when it changes."),
    Setting(
      "access.lookups", .choice, \.access.lookups, "What asking for one account needs. nats-servers can show a certificate, but no token."),
    Setting("access.pushes", .choice, \.access.pushes, "What a push needs, and a lookup with `notify=true`."),
    Setting("access.deletes", .choice, \.access.deletes, "What a deletion needs."),
    Setting("access.packs", .choice, \.access.packs, "What fetching every account needs."),
    Setting(
      "access.lists", .choice, \.access.lists,
      "What reading `/api/v1/` needs. It is never `open`; `local` asks nothing of clients of this machine, a token or certificate of others."
    ),
    Setting("access.metrics", .choice, \.access.metrics, "What reading `/metrics` needs."),
  ]

  private static let nats = [
    Setting(
      "nats.servers", .urls, \.natsServers, flag: "-nats",
      "The nats-servers to announce to, tried in this order; `user:password@` and `tls://` are understood. Without one nothing is announced."
    ),
    Setting("nats.usercredentials", optional: .path, \.credentialsFile, flag: "-creds", "The creds file of a user of the system account."),
    Setting("nats.connecttimeout", .milliseconds, \.natsConnectTimeout, "How long one server may take to answer a connection attempt."),
    Setting(
      "nats.reconnectwait", .milliseconds, \.natsReconnectWait,
      "The shortest pause before the servers are tried again; pauses grow up to 8 s, and never end."),
    Setting(
      "nats.tls.root", optional: .path, \.natsCertificateAuthority, flag: "--nats-ca",
      "The certificates (PEM) that nats-servers are checked with."),
    Setting("nats.tls.cert", optional: .path, \.natsCertificate, "The certificate (PEM) that nats-servers are shown."),
    Setting(
      "nats.reconcileinterval", .milliseconds, \.reconcileInterval,
      "The pause between two rounds in which nats-servers are asked what they hold, so that what differs is put right."),
    Setting(
      "nats.reconcilebudget", .count(1...100_000), \.reconcileBudget,
      "How many accounts nats-servers are asked about in a second, for that; accounts that changed or that clients connect to go first."),
    Setting(
      "nats.onlyauthority", .boolean, \.isOnlyAuthority,
      "Whether lookups over NATS of accounts that are unknown here are told so at once. Never beside full resolvers, which may know them."),
    Setting(
      "nats.reportdelivery", .milliseconds, \.reportsDelivery,
      "How long the answer to a push waits for the nats-servers, to say in its body who holds the claims; nsc prints it. 0 for no such line."
    ),
    Setting("nats.tls.key", optional: .path, \.natsKey, "The key (PEM) of that certificate."),
  ]

  private static let logging = [
    Setting("logging.level", .choice, \.logLevel, isReloaded: true, "From which weight on lines are logged."),
    Setting("logging.debug", .boolean, \.logsDebug, flag: "-D", isReloaded: true, "Whether the level is `debug`."),
    Setting("logging.trace", .boolean, \.logsTrace, flag: "-V", isReloaded: true, "Whether the level is `trace`."),
    Setting("logging.format", .choice, \.logFormat, isReloaded: true, "Text in nats-server's form, or an object of JSON a line."),
    Setting(
      "logging.file", optional: .path, \.logFile, "The file that lines are added to, opened again on SIGHUP; without it standard error."),
    Setting("logging.time", .boolean, \.logsTime, isReloaded: true, "Whether a line of text has the time."),
    Setting("logging.pid", .boolean, \.logsProcess, isReloaded: true, "Whether a line of text has the number of the process."),
    Setting("logging.colors", .boolean, \.logsColours, isReloaded: true, "Whether levels have colours where standard error is a terminal."),
  ]
}
