import ClaimsTestSupport

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

  /// Two servers in one cluster that have found each other; one's name begins with the other's.
  static func cluster(_ version: NATSServerVersion) async throws -> [PlainServer] {
    let ports = [try ReservedPort(), try ReservedPort()]
    let routes = ports.map { "\"nats://127.0.0.1:\($0.number)\"" }.joined(separator: ", ")
    var servers: [PlainServer] = []
    for (name, port) in zip(["s1", "s10"], ports) {
      let cluster = "cluster: { name: c1, listen: \"127.0.0.1:\(port.number)\", routes: [\(routes)] }"
      servers.append(try await PlainServer(version, extra: "server_name: \(name)\n\(cluster)"))
    }
    try await eventually("the servers have found each other") {
      try await Command(tool: .claims, arguments: ["servers", "--json"] + servers[0].login).run().output.contains("\"s10\"")
    }
    return servers
  }
}
