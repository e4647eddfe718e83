import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("a server that froze until nobody had a route to it")
  struct FrozenServerTests {
    /// Whoever answers no pings loses its routes: nothing waits for it in a buffer then. Nobody compares servers for as long as a test takes, but
    /// when one of them comes back.
    private func cluster(_ version: NATSServerVersion) async throws -> Cluster {
      try await Cluster(
        version, environment: ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "1h"], configuration: "ping_interval: \"1s\"\nping_max: 3")
    }

    /// Pushes a change while the third server, which has the account in memory, is frozen and without routes; it must hold the change when it goes on.
    ///
    /// - Returns: what `push --wait` said meanwhile.
    private func freeze(_ cluster: Cluster, until isReady: () async throws -> Void = {}) async throws -> Command.Result {
      let account = try TestAccount(of: cluster.organisation)
      let auditors = try await cluster.auditors()
      try await cluster.claims.store(account.token(), of: account)
      _ = try await NATSClient(cluster.servers[2], credentials: account.credentials())
      let watchers = [
        try await Watcher(cluster.servers[0], cluster.organisation), try await Watcher(cluster.servers[2], cluster.organisation),
      ]
      let frozen = try await auditors[2].identifier
      let others = [try await auditors[0].identifier, try await auditors[1].identifier]
      func haveRoutes(_ isWanted: Bool) async throws -> Bool {
        for (auditor, own) in zip(auditors, others) where try await auditor.hasRoute(to: frozen, own: own) != isWanted { return false }
        return true
      }
      try await eventually("the others have routes to it") { try await haveRoutes(true) }
      let listener = try await Auditor(cluster.servers[0], cluster.organisation).client
      try await listener.subscribe("$SYS.REQ.SERVER.PING.ACCOUNTZ")
      func questions() throws -> Int { try listener.messages.count { $0.text.contains(account.key.text) } }
      cluster.servers[2].pause()
      try await eventually("nobody has a route to it") { try await haveRoutes(false) }
      try await isReady()
      let asked = try questions()
      let pushed = try await cluster.run("push", "--wait", "2s", cluster.file(account.token(1)))
      try await eventually("the others were asked what they made of it") { try questions() > asked }
      cluster.servers[2].resume()
      try await cluster.hold(account.token(1), of: account.key, [auditors[2]])
      try await eventually("everybody confirmed") {
        try await cluster.run("show", account.key.text).output.contains("1 applied (s3), 2 not loaded (s1, s2)")
      }
      let known = try JSONReader().read(try await cluster.claims.http.get("/api/v1/accounts/\(account.key)").body)
      #expect(known["delivery"]?["repetitions"]?.integer ?? 0 >= 1, "\(known["delivery"]?.jsonText ?? "")")
      let heard = try watchers.map { try $0.announcements(of: account.key).count { try $0.text == account.token(1).text } }
      #expect(heard[1] >= 1 && heard[0] > heard[1], "it missed what the first one heard: \(heard)")
      #expect(try await cluster.claims.metric("nats_claims_contested_accounts") == 0)
      return pushed
    }

    @Test("is announced to again, until it holds the change", arguments: NATSServerVersion.allCases)
    func silent(_ version: NATSServerVersion) async throws {
      let pushed = try await freeze(cluster(version))
      #expect(pushed.ending == .exited(1))
      #expect(pushed.output.contains("2 not loaded (s1, s2), 1 silent (s3)"), "\(pushed.output) \(pushed.errors)")
    }

    @Test("is compared and put right when it is heard again, if nobody waited for it any more", arguments: NATSServerVersion.allCases)
    func unseen(_ version: NATSServerVersion) async throws {
      let cluster = try await cluster(version)
      let pushed = try await freeze(cluster) { try await cluster.sees(1, state: "unseen", within: 180) }
      #expect(pushed.succeeded && pushed.output.contains("2 not loaded (s1, s2)"), "\(pushed.output) \(pushed.errors)")
    }
  }
}
