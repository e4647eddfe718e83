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

    private func metric(_ name: String, _ account: AccountKey, _ cluster: Cluster, _ label: String = "") async throws -> Int? {
      try await cluster.claims.metric("nats_claims_account_\(name){account=\"\(account)\"\(label)}")
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
      try await eventually("the metrics count them") {
        let counts = [
          try await metric("connections", account.key, cluster, ",server=\"s1\""),
          try await metric("connections", account.key, cluster, ",server=\"s3\""),
        ]
        return counts == [1, 2]
      }
      // Who may not read lists is told of no account in the metrics either: this request comes through a proxy.
      let elsewhere = try await cluster.claims.http.get("/metrics", ["X-Forwarded-For": "192.0.2.1"])
      #expect(
        elsewhere.status == 200 && elsewhere.text.contains("nats_claims_accounts ") && !elsewhere.text.contains("nats_claims_account_"))
      try await clients[0].close()
      try await eventually("one went by itself") {
        let activity = try await activity(of: account.key, cluster)
        return activity?["connected"]?.integer == 2 && activity?["disconnects"]?["Client Closed"]?.integer == 1
      }
      let seen = try #require(try await activity(of: account.key, cluster)?["last_seen"]?.text)
      let time = try Date(seen, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
      let seconds = Int(time.timeIntervalSince1970)
      #expect(abs(seconds - Int(Date.now.timeIntervalSince1970)) < 60)
      #expect(try await metric("last_seen_seconds", account.key, cluster) == seconds)
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
      try await eventually("the metrics have nothing of it") {
        let counts = [
          try await metric("connections", account.key, cluster, ",server=\"s1\""),
          try await metric("connections", account.key, cluster, ",server=\"s3\""),
        ]
        return counts.allSatisfy { $0 ?? 0 == 0 }
      }
      let refused = try await metric("auth_failures_total", account.key, cluster)
      #expect(refused ?? 0 >= 1)
      #expect(try await cluster.claims.metric("nats_claims_auth_failures_total") ?? 0 >= 1)
      // Nobody else left: every client of the test is counted once, by the reason in the server's words.
      for (reason, count) in [("Client Closed", 1), ("Credentials Revoked", 2)] {
        try await eventually("the metric counts \(reason)") {
          let ofAll = try await cluster.claims.metric("nats_claims_client_disconnects_total{reason=\"\(reason)\"}")
          let own = try await metric("disconnects_total", account.key, cluster, ",reason=\"\(reason)\"")
          return ofAll == count && own == count
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
      try await eventually("the metric counts it") { try await metric("connections", account.key, cluster, ",server=\"s1\"") == 1 }
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
