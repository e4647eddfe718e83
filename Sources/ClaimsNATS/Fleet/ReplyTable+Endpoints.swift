import Claims

extension ReplyTable {
  /// The replies to an endpoint.
  public init(_ endpoint: ServerEndpoint, _ replies: [FleetReply]) {
    switch endpoint {
    case .statsz: self = .statistics(replies)
    case .connz: self.init(replies, Self.connections) { $0.data["connections"]?.elements ?? [] }
    case .routez: self.init(replies, Self.routes) { $0.data["routes"]?.elements ?? [] }
    case .leafz: self.init(replies, Self.leafNodes) { $0.data["leafs"]?.elements ?? [] }
    case .gatewayz: self.init(replies, Self.gateways) { Self.gateways(of: $0.data) }
    case .accountz: self.init(replies, Self.accounts) { Self.accounts(of: $0.data) }
    case .varz: self.init(replies, Self.variables)
    case .subsz: self.init(replies, Self.subscriptions)
    case .jsz: self.init(replies, Self.jetStream)
    case .healthz: self.init(replies, Self.health)
    case .idz:
      self.init(
        replies, [.server, ReplyColumn("HOST") { reply, _ in reply.server.host }, ReplyColumn("ID") { reply, _ in reply.server.id }])
    }
  }

  private static var traffic: [ReplyColumn] {
    [
      ReplyColumn("SUBS", "subscriptions", ReplyColumn.count), ReplyColumn("IN", "in_msgs", ReplyColumn.count),
      ReplyColumn("OUT", "out_msgs", ReplyColumn.count), ReplyColumn("RTT", "rtt"),
    ]
  }

  private static var connections: [ReplyColumn] {
    [
      .server, ReplyColumn("CID", "cid"), ReplyColumn("KIND", "kind"), ReplyColumn("NAME", "name"),
      ReplyColumn("USER", "authorized_user"), ReplyColumn("ACCOUNT", "account"), .address,
    ] + traffic + [
      ReplyColumn("UPTIME", "uptime"), ReplyColumn("IDLE", "idle"), ReplyColumn("LANG", "lang"), ReplyColumn("VERSION", "version"),
    ]
  }

  private static var routes: [ReplyColumn] {
    [
      .server, ReplyColumn("RID", "rid"),
      ReplyColumn("REMOTE") { _, item in ReplyColumn.plain(item["remote_name"] ?? item["remote_id"]) }, .address,
      ReplyColumn("ACCOUNT", "account"),
    ] + traffic + [ReplyColumn("PENDING", "pending_size", ReplyColumn.bytes), ReplyColumn("UPTIME", "uptime")]
  }

  private static var leafNodes: [ReplyColumn] {
    [.server, ReplyColumn("NAME", "name"), ReplyColumn("ACCOUNT", "account"), .address] + traffic
  }

  private static var variables: [ReplyColumn] {
    [
      .server, ReplyColumn("VERSION", "version"),
      ReplyColumn("LISTENS") { _, item in "\(ReplyColumn.plain(item["host"])):\(ReplyColumn.plain(item["port"]))" },
      ReplyColumn("UPTIME", "uptime"),
      ReplyColumn("CONNECTIONS") { _, item in "\(ReplyColumn.plain(item["connections"]))/\(ReplyColumn.plain(item["max_connections"]))" },
      ReplyColumn("SUBS", "subscriptions", ReplyColumn.count), ReplyColumn("ROUTES", "routes", ReplyColumn.count),
      ReplyColumn("LEAFNODES", "leafnodes", ReplyColumn.count), ReplyColumn("IN", "in_msgs", ReplyColumn.count),
      ReplyColumn("OUT", "out_msgs", ReplyColumn.count), ReplyColumn("SLOW", "slow_consumers", ReplyColumn.count),
      ReplyColumn("MEMORY", "mem", ReplyColumn.bytes), ReplyColumn("CPU", "cpu", ReplyColumn.percent),
    ]
  }

  private static var subscriptions: [ReplyColumn] {
    [
      .server, ReplyColumn("SUBSCRIPTIONS", "num_subscriptions", ReplyColumn.count), ReplyColumn("CACHE", "num_cache", ReplyColumn.count),
      ReplyColumn("INSERTS", "num_inserts", ReplyColumn.count), ReplyColumn("REMOVES", "num_removes", ReplyColumn.count),
      ReplyColumn("MATCHES", "num_matches", ReplyColumn.count),
      ReplyColumn("CACHE HITS", "cache_hit_rate") { value in
        let rate: Double? = if case .double(let rate) = value { rate } else { value?.integer.map { Double($0) } }
        return rate.map { "\(Quantity.decimal($0 * 100))%" } ?? "-"
      },
      ReplyColumn("MAX FANOUT", "max_fanout", ReplyColumn.count), ReplyColumn("AVG FANOUT", "avg_fanout", ReplyColumn.count),
    ]
  }

  private static var jetStream: [ReplyColumn] {
    [
      .server, ReplyColumn("ENABLED") { _, item in item["disabled"] == .bool(true) ? "no" : "yes" },
      ReplyColumn("MEMORY", "memory", ReplyColumn.bytes), ReplyColumn("STORAGE", "storage", ReplyColumn.bytes),
      ReplyColumn("ACCOUNTS", "accounts", ReplyColumn.count), ReplyColumn("STREAMS", "streams", ReplyColumn.count),
      ReplyColumn("CONSUMERS", "consumers", ReplyColumn.count), ReplyColumn("MESSAGES", "messages", ReplyColumn.count),
      ReplyColumn("BYTES", "bytes", ReplyColumn.bytes), ReplyColumn("API CALLS", "api.total", ReplyColumn.count),
      ReplyColumn("API ERRORS", "api.errors", ReplyColumn.count),
    ]
  }

  private static var health: [ReplyColumn] {
    [.server, ReplyColumn("STATUS", "status"), ReplyColumn("CODE", "status_code"), ReplyColumn("PROBLEM", "error")]
  }
}
