import Claims
import ClaimsTestSupport
import Testing

extension SystemTests {
  @Suite("an announced change")
  struct AnnouncementTests {
    private let tooMany = "maximum account active connections exceeded"
    private let revoked = "User Authentication Revoked"
    private let violation = "Authorization Violation"

    @Test("that lowers the connection limit to 0 drops a live client", arguments: NATSServerVersion.allCases)
    func loweredLimit(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let client = try await deployment.client(of: account)
      try await deployment.store(account.closed(1), of: account)
      try await deployment.isDropped(client, with: tooMany)
      let refusal = try #require(await NATSClient.refusal(by: deployment.server, credentials: account.credentials()))
      #expect(refusal.contains(tooMany))
    }

    @Test("that revokes users drops them, then refuses them", arguments: NATSServerVersion.allCases)
    func revocation(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let credentials = try account.credentials()
      let client = try await NATSClient(deployment.server, credentials: credentials)
      try await deployment.store(account.revoked(1), of: account)
      try await deployment.isDropped(client, with: revoked)
      let refusal = try #require(await NATSClient.refusal(by: deployment.server, credentials: credentials))
      #expect(refusal.contains(violation))
    }

    @Test("that opens an account again lets its clients in", arguments: NATSServerVersion.allCases)
    func reopened(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let credentials = try account.credentials()
      let client = try await NATSClient(deployment.server, credentials: credentials)
      try await deployment.store(account.revoked(1), of: account)
      try await deployment.isDropped(client, with: revoked)
      try await deployment.store(account.token(2), of: account)
      try await eventually("the client is let in again") {
        try await NATSClient.refusal(by: deployment.server, credentials: credentials) == nil
      }
    }

    @Test("leaves the clients of other accounts alone", arguments: NATSServerVersion.allCases)
    func otherAccounts(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let closed = try await deployment.account()
      let open = try await deployment.account()
      let dropped = try await deployment.client(of: closed)
      let kept = try await deployment.client(of: open)
      try await deployment.store(closed.closed(1), of: closed)
      try await deployment.isDropped(dropped, with: tooMany)
      try await kept.subscribe("echo")
      try await kept.publish("still here", to: "echo")
      try await eventually("the other client goes on") { try kept.messages.map(\.text) == ["still here"] }
      #expect(try kept.farewell == nil)
    }

    @Test("is the token itself, without headers, once a push and once more on request", arguments: NATSServerVersion.allCases)
    func content(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let watcher = try await Watcher(deployment.server, deployment.organisation)
      let account = try TestAccount(of: deployment.organisation)
      let token = try account.token()
      try await deployment.store(token, of: account)
      try await watcher.hears(token, of: account.key)
      #expect(try await deployment.claims.http.get(HTTPClient.path(account.key) + "?notify=true").status == 200)
      try await eventually("the account is announced again") { try watcher.announcements(of: account.key).count == 2 }
      #expect(try watcher.announcements(of: account.key).allSatisfy { $0.text == token.text && $0.headers == false })
    }

    @Test("that is larger than the server's messages may be is named, and holds nobody up", arguments: NATSServerVersion.allCases)
    func tooLarge(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let server = try NATSServer(
        version, organisation, resolver: .memory([(organisation.systemAccount, organisation.systemToken)]), extra: "max_payload: 8KB")
      try await server.start()
      let watcher = try await Watcher(server, organisation)
      let claims = try await ServerUnderTest(
        ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials()))
      let large = try TestAccount(of: organisation)
      try await claims.store(large.token { $0.description = String(repeating: "a", count: 7000) }, of: large)
      let small = try TestAccount(of: organisation)
      try await claims.store(small.token(), of: small)
      try await watcher.hears(small.token(), of: small.key)
      try await eventually("the warning names the account") {
        let state = try await claims.http.get("/readyz").text
        return state.contains("unpublishable_changes") && state.contains("the claims of \(large.key) cannot be announced")
      }
      try await claims.store(large.token(1), of: large)
      try await watcher.hears(large.token(1), of: large.key)
      try await eventually("the warning is gone") { try await !claims.http.get("/readyz").text.contains("unpublishable_changes") }
    }

    @Test("is confirmed by the servers' replies", arguments: NATSServerVersion.allCases)
    func replies(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let claims = deployment.claims
      try await eventually("the server says that it has not loaded the account") {
        try await claims.metric("nats_claims_announcements_total{result=\"not_loaded\"}") == 1
      }
      _ = try await deployment.client(of: account)
      try await deployment.store(account.token(1), of: account)
      try await eventually("the server says that it applied the change") {
        try await claims.metric("nats_claims_announcements_total{result=\"applied\"}") == 1
      }
      try await eventually("nothing is left to announce") { try await claims.metric("nats_claims_announcement_lag_records") == 0 }
    }
  }
}
