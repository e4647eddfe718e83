import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

extension SystemTests {
  @Suite("what servers hold instead of what is stored")
  struct DriftTests {
    private let nothing = "every nats-server holds what is stored, as far as they were asked\n"

    /// Two servers behind a proxy that takes announcements away when it is told to, and an account with a client at the second one.
    private struct Scene: Sendable {
      let cluster: Cluster
      let proxy: NATSProxy
      let account: TestAccount
      let client: NATSClient

      init(_ version: NATSServerVersion) async throws {
        let made = Mutex<NATSProxy?>(nil)
        cluster = try await Cluster(version, count: 2, environment: ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "500ms"]) { server in
          let proxy = try NATSProxy(to: server)
          made.withLock { $0 = proxy }
          return proxy.url
        }
        proxy = try #require(made.withLock { $0 })
        account = try TestAccount(of: cluster.organisation)
        try await cluster.claims.store(account.token(), of: account)
        client = try await NATSClient(cluster.servers[1], credentials: account.credentials())
      }

      /// What the command prints for programs; its exit code is 1 when there is anything.
      func printed() async throws -> [JSONValue] {
        let result = try await cluster.run("servers", "--drift", "--json")
        let drift = try #require(try JSONReader().read(Array(result.output.utf8)).elements, "\(result)")
        #expect(result.ending == .exited(drift.isEmpty ? 0 : 1) && result.errors.isEmpty, "\(result)")
        return drift
      }

      /// Waits until one drift is printed: of this account, at the second server, of a kind.
      func shows(_ kind: String, iat: Int64) async throws {
        try await eventually("s2 holds \(kind) claims") {
          let drift = try await printed()
          return drift.count == 1 && drift[0]["kind"]?.text == kind && drift[0]["iat"]?.integer == iat
        }
        let drift = try #require(try await printed().first)
        #expect(drift.members?.map(\.name) == ["account", "server", "name", "kind", "iat"])
        #expect(drift["account"]?.text == account.key.text && drift["name"]?.text == "s2")
        // For people, and for programs over HTTP: the servers, and the account itself.
        let table = try await cluster.run("servers", "--drift")
        #expect(table.ending == .exited(1) && table.errors.isEmpty, "\(table)")
        #expect(
          table.lines.map { $0.replacing(#/ {2,}/#, with: " | ") } == [
            "SERVER | ACCOUNT | HOLDS | ISSUED", "s2 | \(account.key) | \(kind) | \(Timestamp.text(iat))",
          ], "\(table.output)")
        #expect(try await answer("/api/v1/servers")["drift"]?.elements == [drift])
        #expect(try await answer("/api/v1/accounts/\(account.key)")["drift"]?.elements == [drift])
        if kind != "deleted" { #expect(try await cluster.run("show", account.key.text).output.contains("s2 holds \(kind) claims")) }
      }

      /// Waits until nothing is printed.
      func isOver() async throws {
        try await eventually("nothing differs any more") { try await printed().isEmpty }
      }

      private func answer(_ path: String) async throws -> JSONValue {
        try JSONReader().read(try await cluster.claims.http.get(path).body)
      }
    }

    @Test("is printed with the server's name and what is wrong, until it is put right", arguments: NATSServerVersion.allCases)
    func replaced(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      let same = try await scene.cluster.run("servers", "--drift")
      #expect(same.succeeded && same.output == nothing && same.errors.isEmpty, "\(same)")
      scene.proxy.treatAnnouncements { _ in .drop }
      try await scene.cluster.claims.store(scene.account.token(1), of: scene.account)
      try await scene.shows("older", iat: scene.account.iat(0))
      scene.proxy.treat { _ in .pass }
      try await scene.isOver()
      // Claims of the future are taken by nats-servers, and by nobody here.
      scene.proxy.treatAnnouncements { _ in .drop }
      let rogue = try await Auditor(scene.cluster.servers[1], scene.cluster.organisation).client
      try await rogue.publish(scene.account.token(9000).text, to: "$SYS.ACCOUNT.\(scene.account.key).CLAIMS.UPDATE")
      try await scene.shows("foreign", iat: scene.account.iat(9000))
      scene.proxy.treat { _ in .pass }
      try await scene.isOver()
      #expect(try await scene.cluster.run("servers", "--drift").output == nothing)
    }

    @Test("is printed of a deleted account whose clients a server still lets in", arguments: NATSServerVersion.allCases)
    func deleted(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      // Without the operator's key there are no closing claims: nothing can be told to the servers.
      let claim = try scene.cluster.organisation.authority.deletion(of: [scene.account.key], iat: Organisation.now)
      let answer = try await scene.cluster.claims.http.send("DELETE", HTTPClient.path(scene.account.key), body: claim.bytes)
      #expect(answer.status == 200, "\(answer.text)")
      try await scene.shows("deleted", iat: scene.account.iat(0))
      #expect(try scene.client.farewell == nil)
      // Whoever forgets the account gets it from nobody.
      scene.cluster.servers[1].ask(with: SIGTERM)
      try await scene.isOver()
      #expect(try await scene.cluster.run("servers", "--drift").output == nothing)
    }

    @Test("is not known while there is no connection to the servers: the command says so, and exits 1")
    func disconnected() async throws {
      let cluster = try await Cluster(.newest, count: 1)
      let before = try await cluster.run("servers", "--drift")
      #expect(before.succeeded && before.output == nothing, "\(before)")
      try await cluster.servers[0].kill()
      try await eventually("the connection is lost") { try await cluster.claims.metric("nats_claims_nats_connected") == 0 }
      for arguments in [[], ["--json"]] {
        let url = "http://127.0.0.1:\(cluster.claims.port)"
        let result = try await Command(tool: .claims, arguments: ["servers", "--drift", "--url", url] + arguments).run()
        #expect(result.ending == .exited(1) && result.output.isEmpty, "\(result)")
        #expect(result.errors.contains("the server has no connection to nats-servers now: what they hold is not known"), "\(result)")
      }
      // It comes back under another id.
      try await cluster.servers[0].start()
      try await eventually("it is known again") {
        let after = try await cluster.run("servers", "--drift")
        return after.succeeded && after.output == nothing && after.errors.isEmpty
      }
    }

    @Test("is unknown to a server that knows no nats-servers, and says so")
    func unconnected() async throws {
      let claims = try await ServerUnderTest(Organisation())
      let result = try await Command.claims("servers", "--drift", "--url", "http://127.0.0.1:\(claims.port)")
      #expect(result.ending == .exited(1) && result.output.isEmpty)
      #expect(result.errors.contains("the server is not connected to nats-servers (serve -nats)"), "\(result.errors)")
      let answer = try JSONReader().read(try await claims.http.get("/api/v1/servers").body)
      #expect(answer["configured"]?.bool == false && answer["drift"]?.elements?.isEmpty == true)
    }
  }
}
