import Claims
import ClaimsTestSupport
import TestSupport
import Testing

extension SystemTests {
  @Suite("a change at every server of a cluster")
  struct DeliveryTests {
    @Test("is confirmed by name: applied where the account is in memory, not loaded elsewhere", arguments: NATSServerVersion.allCases)
    func confirmed(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version)
      let account = try TestAccount(of: cluster.organisation)
      let first = try await cluster.run("push", "--wait", "20s", cluster.file(account.token()))
      #expect(first.succeeded, "\(first.errors)")
      #expect(first.output.contains("3 not loaded (s1, s2, s3)"), "\(first.output)")
      _ = try await NATSClient(cluster.servers[1], credentials: account.credentials())
      let second = try await cluster.run("push", "--trace", cluster.file(account.token(1)))
      #expect(second.succeeded, "\(second.errors)")
      #expect(second.output.contains("1 applied (s2), 2 not loaded (s1, s3)"), "\(second.output)")
      for step in ["decoded", "committed", "published", "applied s2", "not_loaded s1", "not_loaded s3"] {
        #expect(second.lines.contains { $0.hasSuffix(" ms  \(step)") }, "\(step) in \(second.output)")
      }
      let shown = try await cluster.run("show", account.key.text)
      #expect(shown.output.contains("nats-servers: 1 applied (s2), 2 not loaded (s1, s3)"), "\(shown.output)")
    }

    @Test("that is waited for when the server stops is answered with what is known, and the stop does not wait")
    func stopping() async throws {
      let cluster = try await Cluster(.newest, count: 2)
      let account = try TestAccount(of: cluster.organisation)
      cluster.servers[1].pause()
      defer { cluster.servers[1].resume() }
      async let pushed = cluster.run("push", "--wait", "60s", cluster.file(account.token()))
      try await eventually("it is announced") {
        try await cluster.run("show", account.key.text).output.contains("1 not loaded (s1), 1 silent (s2)")
      }
      #expect(try await cluster.claims.stop() == .exited(0))
      let result = try await pushed
      #expect(result.ending == .exited(1))
      #expect(result.output.contains("1 not loaded (s1), 1 silent (s2)"), "\(result.output) \(result.errors)")
    }

    @Test("that was announced before a restart is confirmed when it is pushed once more")
    func again() async throws {
      let cluster = try await Cluster(.newest, count: 1)
      let account = try TestAccount(of: cluster.organisation)
      let file = try cluster.file(account.token())
      #expect(try await cluster.run("push", "--wait", "20s", file).succeeded)
      #expect(try await cluster.claims.stop() == .exited(0))
      let claims = try await ServerUnderTest(cluster.claims.options)
      try await claims.isConnected()
      let pushed = try await Command(tool: .claims, arguments: ["push", "--url", "http://127.0.0.1:\(claims.port)", "--wait", "20s", file])
        .run()
      #expect(pushed.succeeded, "\(pushed.output) \(pushed.errors)")
      #expect(pushed.output.contains("unchanged") && pushed.output.contains("1 not loaded (s1)"), "\(pushed.output)")
    }

    @Test("waits for a frozen server, which is named as silent, and confirms when it goes on", arguments: NATSServerVersion.allCases)
    func frozen(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version)
      let account = try TestAccount(of: cluster.organisation)
      let auditors = try await cluster.auditors()
      try await cluster.claims.store(account.token(), of: account)
      _ = try await NATSClient(cluster.servers[2], credentials: account.credentials())
      cluster.servers[2].pause()
      let pushed = try await cluster.run("push", "--wait", "2s", cluster.file(account.token(1)))
      #expect(pushed.ending == .exited(1))
      #expect(pushed.output.contains("2 not loaded (s1, s2), 1 silent (s3)"), "\(pushed.output)")
      cluster.servers[2].resume()
      try await cluster.hold(account.token(1), of: account.key, [auditors[2]])
      try await eventually("everybody confirmed") {
        try await cluster.run("show", account.key.text).output.contains("1 applied (s3), 2 not loaded (s1, s2)")
      }
    }

    @Test(
      "that is too large for the servers' messages is named, and exits 1; a small one after it is applied",
      arguments: NATSServerVersion.allCases)
    func tooLarge(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1, configuration: "max_payload: 8KB")
      let (large, small) = (try TestAccount(of: cluster.organisation), try TestAccount(of: cluster.organisation))
      try await cluster.claims.store(small.token(), of: small)
      _ = try await NATSClient(cluster.servers[0], credentials: small.credentials())
      let file = try cluster.file(large.token { $0.description = String(repeating: "a", count: 7000) })
      let first = try await cluster.run("push", "--wait", "2s", file)
      #expect(first.ending == .exited(1))
      #expect(first.output.contains("\(large.key): ") && first.output.contains("not announced"), "\(first.output) \(first.errors)")
      let second = try await cluster.run("push", "--wait", "20s", cluster.file(small.token(1)))
      #expect(second.succeeded, "\(second.output) \(second.errors)")
      #expect(second.output.contains("1 applied (s1)"), "\(second.output)")
      let auditor = try await Auditor(cluster.servers[0], cluster.organisation)
      try await cluster.hold(small.token(1), of: small.key, [auditor])
      // The large one comes to the server over HTTP, as soon as a client needs it.
      _ = try await NATSClient(cluster.servers[0], credentials: large.credentials())
    }
  }
}
