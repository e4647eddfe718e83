import ArgumentParser

/// `nats-claims servers`
struct Servers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the nats-servers of a fleet, and ask them.",
    discussion: """
      Needs a user of the system account, and no server of nats-claims; but --drift asks that server, which compares all the time. Nobody \
      knows how many servers there are: those count that answer until none does for half a second, or for a tenth of --timeout where that \
      is longer.

      Exit codes: 0 all who were asked answered; 1 nobody did, or one refused (a line on standard error says which and why), or with --drift \
      something differs or is not known; 64 the command was not understood.

      Examples:
        nats-claims servers -s nats://admin:changeit@127.0.0.1:4222
        nats-claims servers ping --creds sys.creds
        nats-claims servers stats --creds sys.creds --json
        nats-claims servers request all CONNZ --creds sys.creds
        nats-claims servers --drift --url http://127.0.0.1:9090
      """,
    subcommands: [ServersList.self, ServersPing.self, ServersStats.self, ServersRequest.self], defaultSubcommand: ServersList.self)
}
