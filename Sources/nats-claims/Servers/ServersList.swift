import ArgumentParser
import Claims
import ClaimsNATS

/// `nats-claims servers list`, or `servers` alone
struct ServersList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the servers: names, ids, versions, and how they are.")

  @OptionGroup var options: FleetOptions

  @OptionGroup var source: DriftSource

  func run() async throws {
    if source.drift { return try await source.printDrift(trust: options.login.certificates.trust, json: options.json) }
    let report = try await options.ping()
    if options.json { FleetReport.printJSON(report.replies.map(Self.json)) } else { report.printTable(.servers(report.replies)) }
    try report.conclude()
  }

  private static func json(_ reply: FleetReply) -> JSONValue {
    let server = reply.server
    var members: [JSONValue.Member] = [
      .init("name", .string(server.label)), .init("id", .string(server.id)), .init("version", .string(server.version)),
      .init("cluster", .string(server.cluster)), .init("host", .string(server.host)),
    ]
    if let uptime = reply.uptime { members.append(.init("uptime_seconds", .integer(uptime))) }
    for (name, source) in [
      ("start", "start"), ("connections", "connections"), ("accounts", "active_accounts"), ("subscriptions", "subscriptions"),
      ("memory_bytes", "mem"), ("cpu_percent", "cpu"),
    ] {
      members.append(.init(name, reply.data[source] ?? .null))
    }
    return .object(members)
  }
}
