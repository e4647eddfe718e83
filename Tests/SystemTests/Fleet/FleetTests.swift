import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

extension SystemTests {
  @Suite("servers that come and go")
  struct FleetTests {
    private let quick = ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "1s"]

    /// The states of all servers of a name, those that were there before a restart included.
    private func states(of name: String, _ cluster: Cluster) async throws -> Set<String> {
      let answer = try JSONReader().read(try await cluster.claims.http.get("/api/v1/servers").body)
      return Set((answer["servers"]?.elements ?? []).filter { $0["name"]?.text == name }.compactMap { $0["state"]?.text })
    }

    @Test("hold what was pushed while they were frozen, or dead, as soon as they are back", arguments: NATSServerVersion.allCases)
    func back(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, environment: quick)
      var auditors = try await cluster.auditors()
      let accounts = try (0..<3).map { _ in try TestAccount(of: cluster.organisation) }
      for account in accounts {
        try await cluster.claims.store(account.token(), of: account)
        for server in cluster.servers { _ = try await NATSClient(server, credentials: account.credentials()) }
      }
      // The second one goes on with what it has in memory; the third one has forgotten everything.
      cluster.servers[1].pause()
      try await cluster.servers[2].kill()
      for second in Int64(1)...4 {
        for account in accounts { try await cluster.claims.store(account.token(second), of: account) }
        try await cluster.hold(accounts[0].token(second), of: accounts[0].key, [auditors[0]])
      }
      for account in accounts { try await cluster.hold(account.token(4), of: account.key, [auditors[0]]) }
      cluster.servers[1].resume()
      try await cluster.servers[2].start()
      auditors[2] = try await Auditor(cluster.servers[2], cluster.organisation)
      for account in accounts { _ = try await NATSClient(cluster.servers[2], credentials: account.credentials()) }
      for account in accounts { try await cluster.hold(account.token(4), of: account.key, auditors) }
      // And they are told of what comes.
      for account in accounts { try await cluster.claims.store(account.token(5), of: account) }
      for account in accounts { try await cluster.hold(account.token(5), of: account.key, auditors) }
      #expect(try await cluster.claims.metric("nats_claims_contested_accounts") == 0)
      try await eventually("the killed one is live again") { try await states(of: "s3", cluster).contains("live") }
    }

    @Test(
      "are shown as they stand: leaving when they send their clients away, gone when they said so", arguments: NATSServerVersion.allCases)
    func states(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, configuration: "lame_duck_duration: \"60s\"\nlame_duck_grace_period: \"1s\"")
      #expect(try await states(of: "s1", cluster) == ["live"])
      let servers = try JSONReader().read(try await cluster.claims.http.get("/api/v1/servers").body)["servers"]?.elements ?? []
      #expect(servers.map { $0["name"]?.text }.sorted { $0 ?? "" < $1 ?? "" } == ["s1", "s2", "s3"])
      for server in servers {
        #expect(server["id"]?.text?.hasPrefix("N") == true && server["cluster"]?.text == "c1", "\(server.jsonText)")
        #expect(cluster.servers[0].log.contains("Version:  \(server["version"]?.text ?? "-")"), "\(server.jsonText)")
        #expect(server["silence_ms"]?.integer ?? .max < 30_000, "\(server.jsonText)")
      }
      cluster.servers[2].ask(with: SIGTERM)
      try await eventually("it is gone") { try await states(of: "s3", cluster) == ["gone"] }
      try await cluster.sees(1, state: "gone")
      try await cluster.sees(2)
      // Old servers tell nobody that they send their clients away. One without clients would stop at once.
      guard version == .newest else { return }
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(), of: account)
      for _ in 0..<4 { _ = try await NATSClient(cluster.servers[1], credentials: account.credentials()) }
      cluster.servers[1].ask(with: SIGUSR2)
      try await eventually("it is leaving") { try await states(of: "s2", cluster) == ["leaving"] }
      // Nobody waits for those.
      let pushed = try await cluster.run("push", "--wait", "20s", cluster.file(account.token(1)))
      #expect(pushed.succeeded, "\(pushed.output) \(pushed.errors)")
      #expect(pushed.output.contains("(s1"), "\(pushed.output)")
    }

    @Test(
      "are live by their heartbeats alone, and unseen when half a minute passes without one, until they are heard again",
      arguments: NATSServerVersion.allCases)
    func heartbeats(_ version: NATSServerVersion) async throws {
      let made = Mutex<NATSProxy?>(nil)
      let cluster = try await Cluster(version) { server in
        let proxy = try NATSProxy(to: server)
        made.withLock { $0 = proxy }
        return proxy.url
      }
      // Whoever asks nothing is answered nothing.
      let proxy = try #require(made.withLock { $0 })
      proxy.treat { $0.subject.hasPrefix("$SYS.REQ.") ? .drop : .pass }
      cluster.servers[2].pause()
      try await eventually("it is unseen", within: 180) { try await states(of: "s3", cluster) == ["unseen"] }
      for name in ["s1", "s2"] { #expect(try await states(of: name, cluster) == ["live"]) }
      let table = try JSONReader().read(try await cluster.claims.http.get("/api/v1/servers").body)
      let silent = table["servers"]?.elements?.first { $0["name"]?.text == "s3" }
      #expect(silent?["silence_ms"]?.integer ?? 0 >= 30_000)
      // What it holds is not known, which is no all-clear.
      let drift = try await cluster.run("servers", "--drift")
      #expect(drift.ending == .exited(1) && drift.output.isEmpty, "\(drift)")
      #expect(drift.errors == "what s3 holds is not known: nothing was heard of it for half a minute\n", "\(drift)")
      // Nobody waits for it.
      let account = try TestAccount(of: cluster.organisation)
      let pushed = try await cluster.run("push", "--wait", "20s", cluster.file(account.token()))
      #expect(pushed.succeeded && pushed.output.contains("2 not loaded (s1, s2)"), "\(pushed.output) \(pushed.errors)")
      // Nor is it known who is connected there.
      proxy.treat { _ in .pass }
      let rehearsed = try await cluster.run("delete", "--dry-run", account.key.text)
      #expect(rehearsed.succeeded && rehearsed.output.contains("s3 did not answer: the clients there are not counted"), "\(rehearsed)")
      cluster.servers[2].resume()
      try await eventually("it is live again") { try await states(of: "s3", cluster) == ["live"] }
    }
  }
}
