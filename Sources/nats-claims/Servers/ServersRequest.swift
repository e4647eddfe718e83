import ArgumentParser
import ClaimsNATS

/// `nats-claims servers request`
struct ServersRequest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Ask servers for one of their endpoints.",
    discussion: """
      Endpoints: \(EndpointArgument.names). The payload is JSON, with the options that the endpoint has.

      With --json the replies as they came, in one array. Users' and accounts' tokens are not among them: their claims stand in their place.

      Examples:
        nats-claims servers request all CONNZ --creds sys.creds
        nats-claims servers request s1 VARZ --creds sys.creds --json
        nats-claims servers request all CONNZ '{"auth":true,"sort":"subs"}' --creds sys.creds
        nats-claims servers request all HEALTHZ '{"js-enabled-only":true}' --creds sys.creds
      """)

  @Argument(help: ArgumentHelp("The server, or all.", valueName: "id|name|all"))
  var server: ServerTarget

  @Argument(help: "The endpoint; its case does not matter.", completion: .list(ServerEndpoint.allCases.map(\.rawValue)))
  var endpoint: EndpointArgument

  @Argument(help: "What the endpoint is to be told, as JSON.")
  var payload = ""

  @OptionGroup var options: FleetOptions

  func run() async throws {
    let endpoint = endpoint.endpoint
    let replies = try await options.withSession { session in
      try await server.ask(session, endpoint, Array(payload.utf8), options)
    }
    let report = FleetReport(replies)
    if options.json { report.printReplies() } else { report.printTable(ReplyTable(endpoint, report.replies)) }
    try report.conclude()
  }
}
