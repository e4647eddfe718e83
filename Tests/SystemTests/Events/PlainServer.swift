/// A nats-server whose accounts stand in its configuration, as nats-server's documentation of system accounts has it.
struct PlainServer: Sendable {
  /// The documentation's own example.
  static let configuration = """
    accounts: { USERS: {users: [{user: a, password: a}]}, SYS: {users: [{user: admin, password: changeit}]} }
    system_account: SYS
    """

  let server: NATSServer

  /// Starts one.
  init(_ version: NATSServerVersion, extra: String = "") async throws {
    server = try NATSServer(version, configuration: "\(Self.configuration)\n\(extra)")
    try await server.start()
  }

  /// The option that names the server and the user of its system account.
  var login: [String] { ["-s", server.url(user: "admin", password: "changeit")] }

  /// A client of the account USERS, connected.
  func client() async throws -> NATSClient {
    try await NATSClient(server, user: "a", password: "a")
  }
}
