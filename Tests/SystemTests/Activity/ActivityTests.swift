import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("what servers tell of an account")
  struct ActivityTests {
    private func activity(of account: AccountKey, _ cluster: Cluster) async throws -> JSONValue? {
      try JSONReader().read(try await cluster.claims.http.get("/api/v1/accounts/\(account)").body)["activity"]
    }

    private func connections(_ account: AccountKey, _ cluster: Cluster) async throws -> Int? {
      try await cluster.claims.metric("nats_claims_account_connections{account=\"\(account)\"}")
    }

    @Test("counts those who come and go at each server, why they went, and who was refused", arguments: NATSServerVersion.allCases)
    func clients(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version)
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(), of: account)
      let (leaving, kept) = (try account.credentials(), try account.credentials())
      var clients: [NATSClient] = []
      for server in [0, 2, 2] { clients.append(try await NATSClient(cluster.servers[server], credentials: server == 0 ? leaving : kept)) }
      try await eventually("three are connected") {
        let activity = try await activity(of: account.key, cluster)
        return activity?["connects"]?.integer == 3 && activity?["connected"]?.integer == 3
          && activity?["connections"]?["s1"]?.integer == 1 && activity?["connections"]?["s3"]?.integer == 2
      }
      try await eventually("the metric counts them") { try await connections(account.key, cluster) == 3 }
      try await clients[0].close()
      try await eventually("one went by itself") {
        let activity = try await activity(of: account.key, cluster)
        return activity?["connected"]?.integer == 2 && activity?["disconnects"]?["Client Closed"]?.integer == 1
      }
      let user = try CredentialsFile(parsing: String(contentsOfFile: kept, encoding: .utf8)).keyPair.publicKey
      try await cluster.claims.store(account.token(1) { $0.revocations.revoke(KeyReference(user), at: Organisation.now) }, of: account)
      try await eventually("the others are sent away") {
        try await activity(of: account.key, cluster)?["connected"]?.integer == 0
      }
      #expect(try await activity(of: account.key, cluster)?["disconnects"]?["Credentials Revoked"]?.integer == 2)
      #expect(try await NATSClient.refusal(by: cluster.servers[1], credentials: kept) != nil)
      try await eventually("the refused one is counted") {
        try await activity(of: account.key, cluster)?["auth_failures"]?.integer ?? 0 >= 1
      }
      try await eventually("the metric has nothing of it") { try await connections(account.key, cluster) ?? 0 == 0 }
      #expect(try await cluster.claims.metric("nats_claims_auth_failures_total") ?? 0 >= 1)
      // Nobody else left: every client of the test is counted once, by the reason in the server's words.
      for (reason, count) in [("Client Closed", 1), ("Credentials Revoked", 2)] {
        try await eventually("the metric counts \(reason)") {
          try await cluster.claims.metric("nats_claims_client_disconnects_total{reason=\"\(reason)\"}") == count
        }
      }
    }

    @Test("counts a leaf node, whose account's changes reach the hub", arguments: NATSServerVersion.allCases)
    func leafNode(_ version: NATSServerVersion) async throws {
      let port = try ReservedPort()
      let cluster = try await Cluster(version, count: 1, configuration: "leafnodes: { listen: \"127.0.0.1:\(port.number)\" }")
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(), of: account)
      let remote = "{ url: \"nats-leaf://127.0.0.1:\(port.number)\", credentials: \"\(try account.credentials())\" }"
      let leaf = try NATSServer(version, name: "leaf", keeping: port, configuration: "leafnodes: { remotes: [\(remote)] }")
      try await leaf.start()
      try await eventually("the leaf node is counted") {
        try await activity(of: account.key, cluster)?["connections"]?["s1"]?.integer == 1
      }
      try await eventually("the metric counts it") { try await connections(account.key, cluster) == 1 }
      let auditor = try await Auditor(cluster.servers[0], cluster.organisation)
      try await cluster.hold(account.token(), of: account.key, [auditor])
      let pushed = try await cluster.run("push", "--wait", "20s", cluster.file(account.token(1)))
      #expect(pushed.output.contains("1 applied (s1)"), "\(pushed.output)")
      try await cluster.hold(account.token(1), of: account.key, [auditor])
      let said = try await cluster.run("push", "--dry-run", cluster.file(account.token(2) { $0.limits.leafNodes = .zero }))
      let expected = "leaf nodes unlimited → 0; 1 connected now: none would be dropped, new ones would be refused"
      #expect(said.output.contains(expected), "\(said.output)")
      try await leaf.kill()
      try await eventually("it is gone") { try await activity(of: account.key, cluster)?["connected"]?.integer == 0 }
    }
  }
}
