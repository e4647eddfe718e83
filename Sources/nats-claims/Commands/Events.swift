import ArgumentParser
import ClaimsNATS

/// `nats-claims events`
struct Events: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follow what nats-servers tell: who connects and leaves, who is refused, figures, claims.",
    discussion: """
      Needs a user of the system account, and no server of nats-claims; any nats-server will do, also one whose accounts stand in its \
      configuration. Ends with Ctrl-C, or after --count events. When the connection is lost, it goes on as soon as it is back; what happens meanwhile \
      is not shown.

      A line has the time, the kind, the account, the server, and what matters of the kind. With --json, one object a line: kind, time, \
      account, subject, and what was sent as event. Users' and accounts' tokens are never shown: with --json their claims stand in their \
      place, without the signature. What a refused client's token says is what the client claims, nothing more. When a client is refused that \
      logs in with a plain secret (auth_token), old servers tell the secret as its user, and nothing sets it apart from a name.

      A password on the command line is shown in the list of processes: NATS_URL and --creds keep it out of there.

      Exit codes: 0 it was ended, or there were --count events; 1 no server took the user at the start, or it is not of the system account; \
      64 the command was not understood.

      Leaf nodes come as connect and disconnect, and with some servers as leaf-connect too; --kind leaf-connect shows both. Claims (update, \
      delete) come from no server: --from-server leaves them out.

      Examples:
        nats-claims events -s nats://admin:changeit@127.0.0.1:4222
        nats-claims events --creds sys.creds --kind auth-error --kind disconnect
        nats-claims events --creds sys.creds --account AD52CMZILOWBTA3JLYFUVY4RSC5O3BOPQTGHEJIRPRAXK4MEZTZYT5Q6 --json
        nats-claims events -s nats://admin:changeit@127.0.0.1:4222 --kind stats --count 1
      """)

  @OptionGroup var login: NATSLogin

  @Option(help: "Only this kind; may be given several times.")
  var kind: [SystemEvent.Kind] = []

  @Option(help: "Only this account, a key or a name; may be given several times.")
  var account: [String] = []

  @Option(help: ArgumentHelp("Only what this server tells; may be given several times.", valueName: "name|id"))
  var fromServer: [String] = []

  @Option(name: [.customShort("n"), .long], help: "End after so many events.")
  var count: Int?

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count must be at least 1") }
  }

  func run() async throws {
    var filter = EventFilter()
    filter.kinds = Set(kind)
    filter.accounts = Set(account)
    filter.servers = Set(fromServer)
    let (session, server) = try await login.session(listening: filter.subjects)
    Console.note("listening to \(server)")
    await EventFollower(session: session, filter: filter, limit: count, json: json).run()
  }
}
