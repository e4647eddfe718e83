import Claims
import ClaimsTestSupport
import TestSupport
import Testing

extension SystemTests {
  /// The servers of these tests resolve from memory, so that they can be up, with somebody listening, before nats-claims is.
  @Suite("while NATS or nats-claims is away")
  struct AbsenceTests {
    private struct Pair {
      let organisation: Organisation
      let server: NATSServer
      let options: ServerUnderTest.Options

      init(_ version: NATSServerVersion) throws {
        organisation = try Organisation()
        server = try NATSServer(version, organisation, resolver: .memory([(organisation.systemAccount, organisation.systemToken)]))
        options = try ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials())
      }

      func watcher() async throws -> Watcher { try await Watcher(server, organisation) }
    }

    /// Announcements come in the order of the log: when a later account's is heard, nothing of before is still under way.
    private func settle(_ claims: ServerUnderTest, _ organisation: Organisation, _ watcher: Watcher) async throws {
      let marker = try TestAccount(of: organisation)
      let token = try marker.token(name: "marker")
      try await claims.store(token, of: marker)
      try await watcher.hears(token, of: marker.key)
    }

    @Test("a push is taken, and after a kill -9 announced once when both are back", arguments: NATSServerVersion.allCases)
    func pushedWhileAwayAndKilled(_ version: NATSServerVersion) async throws {
      let pair = try Pair(version)
      try await pair.server.start()
      var claims = try await ServerUnderTest(pair.options)
      try await claims.isConnected()
      try await pair.server.kill()
      let account = try TestAccount(of: pair.organisation)
      let token = try account.token()
      try await claims.store(token, of: account)
      try await claims.kill()

      try await pair.server.start()
      let watcher = try await pair.watcher()
      claims = try await ServerUnderTest(pair.options)
      try await watcher.hears(token, of: account.key)
      try await settle(claims, pair.organisation, watcher)
      #expect(try watcher.announcements(of: account.key).map(\.text) == [token.text])
    }

    @Test("a push is announced once to a server that resolves accounts here, too", arguments: NATSServerVersion.allCases)
    func pushedWhileTheResolvingServerIsAway(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      try await eventually("the first claims are announced") { try await published(deployment.claims) == 1 }
      try await deployment.server.kill()
      try await deployment.store(account.closed(1), of: account)
      try await deployment.claims.kill()
      let claims = try await ServerUnderTest(deployment.claims.options)
      try await deployment.server.start()
      try await eventually("the change is announced") { try await published(claims) == 1 }
      try await eventually("nothing is left to announce") { try await claims.metric("nats_claims_announcement_lag_records") == 0 }
      #expect(try await published(claims) == 1)
      #expect(try await NATSClient.refusal(by: deployment.server, credentials: account.credentials()) != nil)
    }

    private func published(_ claims: ServerUnderTest) async throws -> Int? {
      try await claims.metric("nats_claims_announcements_total{result=\"published\"}")
    }

    @Test("three pushes of an account come to one announcement, of the newest", arguments: NATSServerVersion.allCases)
    func newestOnly(_ version: NATSServerVersion) async throws {
      let pair = try Pair(version)
      let claims = try await ServerUnderTest(pair.options)
      let account = try TestAccount(of: pair.organisation)
      for second in Int64(0)..<3 { try await claims.store(account.token(second), of: account) }
      try await claims.kill()
      try await pair.server.start()
      let watcher = try await pair.watcher()
      let again = try await ServerUnderTest(pair.options)
      try await watcher.hears(account.token(2), of: account.key)
      try await settle(again, pair.organisation, watcher)
      #expect(try watcher.announcements(of: account.key).map(\.text) == [account.token(2).text])
    }

    @Test("a push just before a kill -9 is announced after the restart if not before", arguments: NATSServerVersion.allCases)
    func killedAfterPush(_ version: NATSServerVersion) async throws {
      let pair = try Pair(version)
      try await pair.server.start()
      let watcher = try await pair.watcher()
      let claims = try await ServerUnderTest(pair.options)
      try await claims.isConnected()
      let account = try TestAccount(of: pair.organisation)
      let token = try account.token()
      try await claims.store(token, of: account)
      try await claims.kill()
      _ = try await ServerUnderTest(pair.options)
      try await watcher.hears(token, of: account.key)
    }

    @Test("nothing that was announced before a stop is announced after the start", arguments: NATSServerVersion.allCases)
    func notAgain(_ version: NATSServerVersion) async throws {
      let pair = try Pair(version)
      try await pair.server.start()
      let watcher = try await pair.watcher()
      var claims = try await ServerUnderTest(pair.options)
      let account = try TestAccount(of: pair.organisation)
      let token = try account.token()
      try await claims.store(token, of: account)
      try await watcher.hears(token, of: account.key)
      #expect(try await claims.stop() == .exited(0))
      claims = try await ServerUnderTest(pair.options)
      try await settle(claims, pair.organisation, watcher)
      #expect(try watcher.announcements(of: account.key).count == 1)
      #expect(try watcher.announcements(of: pair.organisation.systemAccount).isEmpty, "what was found in the directory is not announced")
    }

    @Test("lookups and pushes go on, and the server is ready", arguments: NATSServerVersion.allCases)
    func lookupsGoOn(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      try await deployment.server.kill()
      for second in Int64(1)...20 {
        #expect(try await deployment.claims.http.account(account.key).status == 200)
        try await deployment.store(account.token(second), of: account)
      }
      #expect(try await deployment.claims.http.get("/readyz").status == 200)
      try await eventually("the loss is said") { deployment.claims.log.contains("no connection to NATS") }
      #expect(try await deployment.claims.http.account(account.key).body == account.token(20).bytes)
      try await deployment.server.start()
      #expect(try await NATSClient.refusal(by: deployment.server, credentials: account.credentials()) == nil)
    }

    @Test(
      "a nats-server that hangs holds up neither pushes nor lookups, and hears of them when it goes on",
      arguments: NATSServerVersion.allCases)
    func hangingServer(_ version: NATSServerVersion) async throws {
      let deployment = try await Deployment(version)
      let account = try await deployment.account()
      let client = try await deployment.client(of: account)
      deployment.server.pause()
      for second in Int64(1)...20 {
        try await deployment.store(account.token(second), of: account)
        #expect(try await deployment.claims.http.account(account.key).body == account.token(second).bytes)
      }
      try await deployment.store(account.closed(21), of: account)
      deployment.server.resume()
      try await eventually("the client is dropped") { try client.farewell != nil }
    }

    @Test("a user of another account than the system account is named, with the way out", arguments: NATSServerVersion.allCases)
    func notTheSystemAccount(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let server = try NATSServer(
        version, organisation,
        resolver: .memory([(organisation.systemAccount, organisation.systemToken), (account.key, account.token())]))
      try await server.start()
      let claims = try await ServerUnderTest(
        ServerUnderTest.Options(organisation).announcing(to: server, as: account.credentials()))
      let message = "belongs to the account \(account.key), not to the system account \(organisation.systemAccount)"
      try await eventually("the log names the wrong account") { claims.log.contains(message) }
      #expect(try await claims.http.get("/readyz").text.contains(message))
      try await claims.store(account.token(1), of: account)
      #expect(try await claims.http.account(account.key).body == account.token(1).bytes)
    }
  }
}
