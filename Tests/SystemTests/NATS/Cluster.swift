import Claims
import ClaimsNATS
import ClaimsTestSupport
import Foundation
import Nkeys
import TestSupport
import Testing

/// nats-claims and a cluster of nats-servers that resolve accounts from it.
struct Cluster: Sendable {
  let organisation: Organisation
  let claims: ServerUnderTest
  let servers: [NATSServer]

  /// A server of the cluster that resolves accounts in its own way.
  struct Other {
    let resolver: NATSServer.Resolver
    /// More lines of its configuration.
    var configuration = ""
  }

  /// Starts everything; all have found each other then. `proxy` stands between nats-claims and the first server; `extra` are more arguments of
  /// nats-claims, `configuration` more lines of every nats-server, `others` more servers than those `count`; with `operatorFile` nats-claims
  /// knows another token of the operator than the nats-servers.
  init(
    _ version: NATSServerVersion, organisation given: Organisation? = nil, operatorFile: String? = nil, count: Int = 3,
    others: [Other] = [], extra: [String] = [], environment: [String: String] = [:], configuration: String = "", hasKeys: Bool = false,
    proxy: ((NATSServer) async throws -> String)? = nil
  ) async throws {
    organisation = try given ?? Organisation()
    let port = try ReservedPort()
    let resolving = Array(repeating: Other(resolver: .url(port: port.number)), count: count)
    servers = try Self.servers(version, organisation, resolving + others, configuration: configuration)
    var options = try ServerUnderTest.Options(organisation)
    if let operatorFile { options.operatorFiles = [operatorFile] }
    let first = try #require(servers.first)
    options.nats = [try await proxy?(first) ?? first.url]
    options.credentials = try organisation.systemCredentials()
    options.reserved = port
    options.extra = extra + (hasKeys ? ["--keys", try organisation.keyStore()] : [])
    options.environment = environment
    claims = try await ServerUnderTest(options)
    for server in servers { try await server.start() }
    try await claims.isConnected()
    try await sees(servers.count)
  }

  private static func servers(
    _ version: NATSServerVersion, _ organisation: Organisation, _ all: [Other], configuration: String
  ) throws -> [NATSServer] {
    let routes = try all.map { _ in try ReservedPort() }
    let urls = routes.map { "nats://127.0.0.1:\($0.number)" }.joined(separator: ", ")
    return try zip(all, routes).enumerated().map { number, server in
      let (other, route) = server
      let cluster = "cluster: { name: c1, listen: \"127.0.0.1:\(route.number)\", routes: [\(urls)] }"
      return try NATSServer(
        version, organisation, resolver: other.resolver, name: "s\(number + 1)",
        extra: "\(cluster)\n\(configuration)\n\(other.configuration)", keeping: route)
    }
  }

  /// Waits until nats-claims counts so many live servers.
  func sees(_ count: Int, state: String = "live", within seconds: Int = 60) async throws {
    try await eventually("nats-claims sees \(count) servers that are \(state)", within: seconds) {
      try await claims.metric("nats_claims_nats_servers{state=\"\(state)\"}") == count
    }
  }

  /// Runs a command of the program against the server.
  func run(_ command: String, _ arguments: String...) async throws -> Command.Result {
    try await Command(tool: .claims, arguments: [command, "--url", "http://127.0.0.1:\(claims.port)"] + arguments).run()
  }

  /// A file with a token.
  func file(_ token: Token) throws -> String { try Stage.required.file("account.jwt", token.text) }

  /// Waits until every server holds exactly this token of an account.
  func hold(_ token: Token, of account: AccountKey, _ auditors: [Auditor], within seconds: Int = 60) async throws {
    for auditor in auditors {
      try await eventually("\(auditor.server) holds the token", within: seconds) { try await auditor.holding(of: account) == token }
    }
  }

  /// Someone at each server who asks it what it holds.
  func auditors() async throws -> [Auditor] {
    var auditors: [Auditor] = []
    for server in servers { auditors.append(try await Auditor(server, organisation)) }
    return auditors
  }
}

/// A client of the system account that asks one server what it holds.
struct Auditor: Sendable {
  let server: String
  let client: NATSClient

  init(_ server: NATSServer, _ organisation: Organisation) async throws {
    self.server = server.name
    client = try await NATSClient(server, credentials: organisation.systemCredentials())
  }

  /// The server's key, which is another after each start.
  var identifier: String {
    get async throws { try #require(try await answer(to: #"{"server_name":"\#(server)"}"#, about: "VARZ")["server"]?["id"]?.text) }
  }

  /// The token by which the server lets clients of an account in; nil when it has none.
  func holding(of account: AccountKey) async throws -> Token? {
    try await detail(of: account)?["jwt"]?.text.map { Token($0) }
  }

  /// When the server took an account's claims last, by its own clock.
  func changed(_ account: AccountKey) async throws -> Date {
    let text = try #require(try await detail(of: account)?["update_time"]?.text)
    return try Date(text, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
  }

  /// Whether the server, whose own key is `own`, has a route to another one. The question goes to nobody else: what goes over a route counts there as a
  /// sign of life.
  func hasRoute(to identifier: String, own: String) async throws -> Bool {
    let reply = try await client.request("", to: "$SYS.REQ.SERVER.\(own).ROUTEZ")
    let routes = try JSONReader().read(Array(reply.utf8))["data"]?["routes"]?.elements
    // Old servers do not tell the other one's name.
    return try #require(routes).contains { $0["remote_id"]?.text == identifier }
  }

  private func detail(of account: AccountKey) async throws -> JSONValue? {
    try await answer(to: #"{"account":"\#(account)","server_name":"\#(server)"}"#, about: "ACCOUNTZ")["data"]?["account_detail"]
  }

  private func answer(to question: String, about endpoint: String) async throws -> JSONValue {
    try JSONReader().read(Array(try await client.request(question, to: "$SYS.REQ.SERVER.PING.\(endpoint)").utf8))
  }
}
