import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("servers of every kind on one system account")
  struct WholeSystemTests {
    /// Three servers that ask nats-claims over HTTP, a full resolver that leaf nodes may join, and a server that only caches, in one cluster.
    private struct Scene: Sendable {
      let cluster: Cluster
      let auditors: [Auditor]
      let account: TestAccount
      /// Where the full resolver keeps its accounts.
      let directory: String
      private let version: NATSServerVersion
      private let leafPort: ReservedPort

      init(_ version: NATSServerVersion) async throws {
        self.version = version
        let organisation = try Organisation()
        directory = try organisation.directory()
        leafPort = try ReservedPort()
        let cache = try Stage.required.newFolder("cache")
        let full = Cluster.Other(
          resolver: .deleting(directory: directory), configuration: "leafnodes: { listen: \"127.0.0.1:\(leafPort.number)\" }")
        let caching = Cluster.Other(resolver: .cache(directory: cache, [(organisation.systemAccount, organisation.systemToken)]))
        cluster = try await Cluster(
          version, organisation: organisation, others: [full, caching], environment: ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "1s"],
          hasKeys: true)
        auditors = try await cluster.auditors()
        account = try TestAccount(of: organisation)
      }

      func push(_ second: Int64) async throws -> String {
        let result = try await cluster.run("push", "--wait", "30s", cluster.file(account.token(second)))
        #expect(result.succeeded, "\(result.output) \(result.errors)")
        return result.output
      }

      /// A client at every server.
      func clients() async throws -> [NATSClient] {
        var clients: [NATSClient] = []
        for server in cluster.servers { clients.append(try await NATSClient(server, credentials: account.credentials())) }
        return clients
      }

      /// Joins a leaf node to the full resolver.
      func leafNode() async throws -> NATSServer {
        let remote = "{ url: \"nats-leaf://127.0.0.1:\(leafPort.number)\", credentials: \"\(try account.credentials())\" }"
        let leaf = try NATSServer(version, name: "leaf", configuration: "leafnodes: { remotes: [\(remote)] }")
        try await leaf.start()
        return leaf
      }

      /// What the full resolver keeps of the account.
      func kept(deleted: Bool = false) -> String? {
        FileManager.default.contents(atPath: "\(directory)/\(account.key).jwt\(deleted ? ".deleted" : "")").map {
          String(decoding: $0, as: UTF8.self)
        }
      }

      /// Waits until every server holds the token of a second, and the full resolver keeps it.
      func hold(_ second: Int64) async throws {
        try await cluster.hold(account.token(second), of: account.key, auditors)
        try await eventually("the resolver keeps the token") { kept() == (try account.token(second).text) }
      }
    }

    @Test("confirm a push, are put right after a rollback, and let nobody in after a deletion", arguments: NATSServerVersion.allCases)
    func everything(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      let (cluster, account) = (scene.cluster, scene.account)
      _ = try await scene.push(0)
      let clients = try await scene.clients()
      let leaf = try await scene.leafNode()
      // Who is at the leaf node hears those at the other servers.
      let remote = try await NATSClient(leaf, user: "anybody", password: "anything")
      try await remote.subscribe("news")
      for (number, client) in clients.enumerated() {
        try await eventually("what s\(number + 1)'s client says is heard at the leaf node") {
          try await client.publish("s\(number + 1)", to: "news")
          return try remote.messages.contains { $0.text == "s\(number + 1)" }
        }
      }
      try await scene.hold(0)
      let said = try await scene.push(1)
      #expect(said.contains("5 applied (s1, s2, s3, s4, s5)"), "\(said)")
      try await scene.hold(1)

      for subject in ["$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE", "$SYS.REQ.CLAIMS.UPDATE"] {
        try await scene.auditors[4].client.publish(account.token().text, to: subject)
      }
      try await eventually("it is put right") {
        try await cluster.claims.metric("nats_claims_repairs_total{result=\"announced\"}") ?? 0 >= 1
      }
      try await scene.hold(1)
      #expect(try await cluster.claims.http.account(account.key).body == account.token(1).bytes)

      let deleted = try await cluster.run("delete", "--keys", cluster.organisation.keyStore(), account.key.text)
      #expect(deleted.succeeded, "\(deleted.errors)")
      for (number, client) in clients.enumerated() {
        try await eventually("s\(number + 1)'s client is dropped") { try client.farewell != nil }
      }
      try await eventually("the resolver deletes it") { scene.kept() == nil && scene.kept(deleted: true) != nil }
      for server in cluster.servers {
        #expect(try await NATSClient.refusal(by: server, credentials: account.credentials()) != nil, "\(server.name)")
      }
      try await eventually("nobody is connected, the leaf node neither") {
        let answer = try JSONReader().read(try await cluster.claims.http.get("/api/v1/accounts/\(account.key)").body)
        return answer["activity"]?["connected"]?.integer == 0
      }
      try await stays("deleted", for: .seconds(3)) {
        try await cluster.claims.http.account(account.key).status == 404 && scene.kept() == nil
      }
    }
  }
}
