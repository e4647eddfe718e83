import Claims
import ClaimsTestSupport
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims servers")
  struct ServersCommandTests {
    private static let endpoints = ["VARZ", "CONNZ", "ROUTEZ", "GATEWAYZ", "LEAFZ", "SUBSZ", "ACCOUNTZ", "JSZ", "HEALTHZ", "STATSZ"]

    private static func servers(_ arguments: [String]) async throws -> Command.Result {
      try await Command(tool: .claims, arguments: ["servers"] + arguments).run()
    }

    private static func array(_ result: Command.Result) throws -> [JSONValue] {
      #expect(result.succeeded, "\(result.errors)")
      return try #require(try JSONReader().read(Array(result.output.utf8)).elements)
    }

    @Test("lists a fleet, and asks all of it, one by name, or one by id", arguments: NATSServerVersion.allCases)
    func fleet(_ version: NATSServerVersion) async throws {
      let login = try await PlainServer.cluster(version)[0].login
      let table = try await Self.servers(login)
      #expect(table.succeeded && table.lines.count == 3, "\(table)")
      #expect(
        table.lines[0].hasPrefix("NAME  ID ") && table.lines[1].hasPrefix("s1    N") && table.lines[2].hasPrefix("s10   N"), "\(table)")
      let list = try Self.array(try await Self.servers(["--json"] + login))
      #expect(list.map { $0["name"]?.text } == ["s1", "s10"] && list.allSatisfy { $0["cluster"]?.text == "c1" })
      #expect(list.allSatisfy { $0["connections"]?.integer != nil && $0["start"]?.text != nil && $0["uptime_seconds"]?.integer != nil })
      let pings = try Self.array(try await Self.servers(["ping", "--json"] + login))
      #expect(Set(pings.map { $0["name"]?.text }) == ["s1", "s10"] && pings.allSatisfy { $0["rtt_ns"]?.integer ?? 0 > 0 })
      let id = try #require(list[1]["id"]?.text)
      for (target, names) in [("all", ["s1", "s10"]), ("s1", ["s1"]), (id, ["s10"])] {
        let replies = try Self.array(try await Self.servers(["request", target, "varz", "--json"] + login))
        #expect(replies.map { $0["data"]?["server_name"]?.text } == names, "\(target)")
        #expect(replies.allSatisfy { $0.members?.map(\.name) == ["server", "data"] })
      }
    }

    @Test("prints tables of every endpoint", arguments: NATSServerVersion.allCases)
    func tables(_ version: NATSServerVersion) async throws {
      let plain = try await PlainServer(version)
      let client = try await plain.client()
      for endpoint in Self.endpoints {
        let result = try await Self.servers(["request", "all", endpoint.lowercased()] + plain.login)
        #expect(result.succeeded && result.lines.first?.hasPrefix("SERVER  ") == true, "\(endpoint): \(result)")
        // It is alone: without routes, gateways and leaf nodes.
        if !["ROUTEZ", "GATEWAYZ", "LEAFZ"].contains(endpoint) { #expect(result.lines.dropFirst().allSatisfy { $0.hasPrefix("test  ") }) }
      }
      let connections = try await Self.servers(["request", "test", "CONNZ", #"{"auth":true}"#] + plain.login)
      let line = try #require(connections.lines.first { $0.contains(client.name) })
      #expect(line.split(separator: " ").map(String.init).contains("USERS"), "\(line)")
      let stats = try await Self.servers(["stats"] + plain.login)
      #expect(stats.succeeded && stats.lines.count == 2 && stats.lines[0].contains("SLOW"))
      let ping = try await Self.servers(["ping"] + plain.login)
      #expect(ping.lines.first?.contains("RTT") == true && ping.lines.last?.firstMatch(of: #/[0-9.]+(µs|ms|s)$/#) != nil, "\(ping)")
      let raw = try Self.array(try await Self.servers(["stats", "--json"] + plain.login))
      #expect(raw.map { $0.members?.map(\.name) } == [["server", "statsz"]])
    }

    @Test("shows users' claims in place of their tokens", arguments: NATSServerVersion.allCases)
    func noTokens(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let server = try NATSServer(version, organisation, resolver: .memory([(organisation.systemAccount, organisation.systemToken)]))
      try await server.start()
      let login = ["-s", server.url, "--creds", try organisation.systemCredentials()]
      let result = try await Self.servers(["request", "all", "connz", #"{"auth":true}"#, "--json"] + login)
      let connection = try #require(try Self.array(result).first?["data"]?["connections"]?.elements?.first)
      #expect(connection["jwt"]?["sub"] == connection["authorized_user"] && !result.output.contains("eyJ"))
    }

    @Test("a refusal has its code and words, and exit code 1", arguments: NATSServerVersion.allCases)
    func refused(_ version: NATSServerVersion) async throws {
      let plain = try await PlainServer(version)
      for json in [[], ["--json"]] {
        let result = try await Self.servers(["request", "all", "CONNZ", "{no"] + json + plain.login)
        #expect(result.ending == .exited(1) && result.errors.hasPrefix("test: error 400: invalid character"), "\(result)")
        #expect(result.output.contains("\"error\":{\"code\":400") == !json.isEmpty)
      }
    }

    @Test("says who does not answer, and what there is", arguments: NATSServerVersion.allCases)
    func nobody(_ version: NATSServerVersion) async throws {
      let plain = try await PlainServer(version)
      let unknown = try KeyPair.generate(.server).publicKey.text
      for (arguments, ending, reason) in [
        (["request", "tes", "VARZ"], 1, "no server is named tes; these answered: test"),
        (["request", unknown, "VARZ", "--timeout", "0.5"], 1, "no server answered $SYS.REQ.SERVER.\(unknown).VARZ within 0.5 seconds"),
        (["request", "all", "BOGUSZ"], 64, "GATEWAYZ"), (["--timeout", "0"], 64, "--timeout must be more than 0"),
      ] as [([String], Int32, String)] {
        let result = try await Self.servers(arguments + plain.login)
        #expect(result.ending == .exited(ending) && result.errors.contains(reason) && result.output.isEmpty, "\(result)")
      }
      let foreign = try await Self.servers(["ping", "-s", plain.server.url(user: "a", password: "a")])
      #expect(foreign.ending == .exited(1) && foreign.errors.contains("does not belong to the system account"), "\(foreign.errors)")
    }
  }
}
