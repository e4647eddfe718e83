import Claims
import ClaimsTestSupport
import Foundation
import Testing

extension SystemTests.ObservationTests {
  @Suite("10: a nats-server with a URL resolver")
  struct URLResolverTests {
    @Test(
      "does not ask again for an account that it holds: it is told, also when it was not reached at first",
      arguments: NATSServerVersion.allCases)
    func told(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1)
      let account = try TestAccount(of: cluster.organisation)
      let auditor = try await Auditor(cluster.servers[0], cluster.organisation)
      try await cluster.claims.store(account.token(), of: account)
      _ = try await NATSClient(cluster.servers[0], credentials: account.credentials())
      let asked = try #require(try await cluster.claims.metric(found))
      for _ in 0..<3 { _ = try await NATSClient(cluster.servers[0], credentials: account.credentials()) }
      #expect(try await cluster.claims.metric(found) == asked)
      // Another program that serves the same directory knows no nats-server: nobody announces what is pushed there.
      _ = try await cluster.claims.stop()
      var options = cluster.claims.options
      options.nats = []
      options.credentials = nil
      let unconnected = try await ServerUnderTest(options)
      try await unconnected.store(account.token(1), of: account)
      _ = try await NATSClient(cluster.servers[0], credentials: account.credentials())
      #expect(try await auditor.holding(of: account.key) == account.token(), "the server holds what it asked for first")
      #expect(try await unconnected.metric(found) == 0, "the server does not ask again")
      _ = try await unconnected.stop()
      let again = try await ServerUnderTest(cluster.claims.options)
      try await eventually("it is told") { try await auditor.holding(of: account.key) == account.token(1) }
      #expect(try await again.metric(found) == 0)
    }

    @Test("that is asked by clients of an account that nobody has makes the account known as such", arguments: NATSServerVersion.allCases)
    func unknown(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1)
      let stranger = try TestAccount(of: cluster.organisation)
      for _ in 0..<3 { #expect(try await NATSClient.refusal(by: cluster.servers[0], credentials: stranger.credentials()) != nil) }
      try await eventually("it is counted") {
        let servers = try JSONReader().read(try await cluster.claims.http.get("/api/v1/servers").body)
        let asked = servers["unknown_accounts"]?.elements?.first { $0["account"]?.text == stranger.key.text }
        return asked?["asked"]?.integer ?? 0 >= 3
      }
      try await eventually("the metric counts it") { try await cluster.claims.metric("nats_claims_unknown_accounts") == 1 }
    }

    private let found = "nats_claims_lookups_total{result=\"found\"}"
  }
}
