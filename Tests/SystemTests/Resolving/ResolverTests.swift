import ClaimsTestSupport
import TestSupport
import Testing

extension SystemTests {
  @Suite("a nats-server that resolves accounts here")
  struct ResolverTests {
    private let found = "nats_claims_lookups_total{result=\"found\"}"

    @Test("is tested in two versions")
    func twoVersions() async throws {
      var versions: Set<String> = []
      for version in NATSServerVersion.allCases {
        let process = try ChildProcess(.init(executable: version.path, arguments: ["--version"]))
        #expect(try await process.wait() == .exited(0))
        versions.insert(process.output)
      }
      #expect(versions.count == 2, "both are \(versions.first ?? "")")
    }

    @Test("starts on our answer to its probe, and lets the system account in", arguments: NATSServerVersion.allCases)
    func startsOnTheProbe(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let client = try await NATSClient(deployment.server, credentials: deployment.organisation.systemCredentials())
      let reply = try await client.request("", to: "$SYS.REQ.SERVER.PING")
      #expect(reply.contains("\"server\""))
      #expect(deployment.server.failedStarts == 0)
    }

    @Test("asks once for the account of its first client, and not for the second's", arguments: NATSServerVersion.allCases)
    func asksOnce(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let before = try #require(await deployment.claims.metric(found))
      let first = try await deployment.client(of: account)
      #expect(try await deployment.claims.metric(found) == before + 1)
      let second = try await deployment.client(of: account)
      #expect(try await deployment.claims.metric(found) == before + 1)
      try await first.subscribe("greetings")
      try await second.publish("hello", to: "greetings")
      try await eventually("the message arrives") { try first.messages.map(\.text) == ["hello"] }
    }

    @Test("refuses clients of an account that is not stored, and lets them in once it is", arguments: NATSServerVersion.allCases)
    func refusesUntilStored(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try TestAccount(of: deployment.organisation)
      let credentials = try account.credentials()
      let refusal = try #require(await NATSClient.refusal(by: deployment.server, credentials: credentials))
      #expect(refusal.contains("Authorization Violation"))
      try await deployment.store(account.token(), of: account)
      #expect(try await NATSClient.refusal(by: deployment.server, credentials: credentials) == nil)
    }

    @Test("may start before us, under a supervisor that restarts it", arguments: NATSServerVersion.allCases)
    func serverFirst(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let port = try ReservedPort()
      let server = try NATSServer(version, organisation, resolver: .url(port: port.number))
      async let started: Void = server.start()
      try await eventually("the server gives up without us") { server.failedStarts > 0 }
      var options = try ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials())
      options.reserved = port
      let claims = try await ServerUnderTest(options)
      try await started
      try await claims.isConnected()
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      #expect(try await NATSClient.refusal(by: server, credentials: account.credentials()) == nil)
    }

    @Test("may start long after us", arguments: NATSServerVersion.allCases)
    func claimsFirst(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let port = try ReservedPort()
      let server = try NATSServer(version, organisation, resolver: .url(port: port.number))
      var options = try ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials())
      options.reserved = port
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      try await eventually("nats-claims has tried to connect") { claims.log.contains("no connection to NATS") }
      try await server.start()
      try await claims.isConnected()
      #expect(try await NATSClient.refusal(by: server, credentials: account.credentials()) == nil)
    }
  }
}
