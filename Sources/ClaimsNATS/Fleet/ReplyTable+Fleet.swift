import Claims

extension ReplyTable {
  /// The fleet: who answers a ping.
  public static func servers(_ replies: [FleetReply]) -> ReplyTable {
    ReplyTable(
      replies,
      [
        ReplyColumn("NAME") { reply, _ in reply.server.label }, ReplyColumn("ID") { reply, _ in reply.server.id },
        ReplyColumn("VERSION") { reply, _ in orDash(reply.server.version) },
        ReplyColumn("CLUSTER") { reply, _ in orDash(reply.server.cluster) }, ReplyColumn("HOST") { reply, _ in orDash(reply.server.host) },
        ReplyColumn("UPTIME") { reply, _ in reply.uptime.map { Quantity.uptime(seconds: $0) } ?? "-" },
        ReplyColumn("CONNECTIONS", "connections", ReplyColumn.count), ReplyColumn("ACCOUNTS", "active_accounts", ReplyColumn.count),
        ReplyColumn("SUBSCRIPTIONS", "subscriptions", ReplyColumn.count), ReplyColumn("MEMORY", "mem", ReplyColumn.bytes),
        ReplyColumn("CPU", "cpu", ReplyColumn.percent),
      ])
  }

  /// How long each took to answer a ping.
  public static func roundTrips(_ replies: [FleetReply]) -> ReplyTable {
    ReplyTable(
      replies.sorted { $0.delay < $1.delay },
      [
        ReplyColumn("NAME") { reply, _ in reply.server.label }, ReplyColumn("ID") { reply, _ in reply.server.id },
        ReplyColumn("RTT") { reply, _ in Quantity.duration(nanoseconds: reply.delayNanoseconds) },
      ])
  }

  /// The figures that servers send every ten seconds.
  public static func statistics(_ replies: [FleetReply]) -> ReplyTable {
    ReplyTable(
      replies,
      [
        .server, ReplyColumn("CONNECTIONS", "connections", ReplyColumn.count), ReplyColumn("TOTAL", "total_connections", ReplyColumn.count),
        ReplyColumn("ACCOUNTS", "active_accounts", ReplyColumn.count), ReplyColumn("SUBSCRIPTIONS", "subscriptions", ReplyColumn.count),
        ReplyColumn("SENT", "sent.msgs", ReplyColumn.count), ReplyColumn("SENT BYTES", "sent.bytes", ReplyColumn.bytes),
        ReplyColumn("RECEIVED", "received.msgs", ReplyColumn.count), ReplyColumn("RECEIVED BYTES", "received.bytes", ReplyColumn.bytes),
        ReplyColumn("SLOW", "slow_consumers", ReplyColumn.count), ReplyColumn("MEMORY", "mem", ReplyColumn.bytes),
        ReplyColumn("CPU", "cpu", ReplyColumn.percent),
      ])
  }

  private static func orDash(_ text: String) -> String { text.isEmpty ? "-" : text }
}

extension FleetReply {
  /// For how many seconds the server has run, by its own clock; nil when it does not tell.
  public var uptime: Int64? {
    guard let start = data["start"]?.text.flatMap({ EventTime.milliseconds($0) }),
      let now = body["server"]?["time"]?.text.flatMap({ EventTime.milliseconds($0) })
    else { return nil }
    return (now - start) / 1000
  }

  /// The nanoseconds from the question to the reply.
  public var delayNanoseconds: Int64 { delay.components.seconds * 1_000_000_000 + delay.components.attoseconds / 1_000_000_000 }
}
