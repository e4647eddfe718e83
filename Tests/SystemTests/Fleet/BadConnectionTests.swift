import Claims
import ClaimsTestSupport
import Foundation
import Synchronization
import TestSupport
import Testing

extension SystemTests {
  @Suite("a bad connection to the nats-servers")
  struct BadConnectionTests {
    /// A cluster behind a proxy, and accounts with a client at every server.
    private struct Scene: Sendable {
      let cluster: Cluster
      let proxy: NATSProxy
      let auditors: [Auditor]
      let accounts: [TestAccount]

      init(_ version: NATSServerVersion, accounts count: Int = 3) async throws {
        let made = Mutex<NATSProxy?>(nil)
        let cluster = try await Cluster(version, environment: ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "1s"]) { server in
          let proxy = try NATSProxy(to: server)
          made.withLock { $0 = proxy }
          return proxy.url
        }
        proxy = try #require(made.withLock { $0 })
        auditors = try await cluster.auditors()
        accounts = try (0..<count).map { _ in try TestAccount(of: cluster.organisation) }
        for account in accounts {
          try await cluster.claims.store(account.token(), of: account)
          for server in cluster.servers { _ = try await NATSClient(server, credentials: account.credentials()) }
        }
        self.cluster = cluster
        try await hold(0)
      }

      /// How many rounds were begun in which servers are asked what they hold.
      var rounds: Int { proxy.messages.count(where: \.beginsRound) }

      var announcements: Int { proxy.messages.count(where: \.isAnnouncement) }

      func push(_ second: Int64) async throws {
        for account in accounts { try await cluster.claims.store(account.token(second), of: account) }
      }

      /// Waits until every server holds every account's token of a second.
      func hold(_ second: Int64) async throws {
        for account in accounts { try await cluster.hold(account.token(second), of: account.key, auditors) }
      }

      /// The servers that hold another token of an account than that of a second.
      func behind(_ second: Int64) async throws -> [String] {
        var behind: [String] = []
        for account in accounts {
          for auditor in auditors where try await auditor.holding(of: account.key) != account.token(second) {
            behind.append(auditor.server)
          }
        }
        return behind
      }
    }

    @Test(
      "that loses the closing claims of a deletion: they come again until the server's clients are dropped",
      arguments: NATSServerVersion.allCases)
    func lostClosing(_ version: NATSServerVersion) async throws {
      let made = Mutex<NATSProxy?>(nil)
      let cluster = try await Cluster(version, count: 1, hasKeys: true) { server in
        let proxy = try NATSProxy(to: server)
        made.withLock { $0 = proxy }
        return proxy.url
      }
      let proxy = try #require(made.withLock { $0 })
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(), of: account)
      let client = try await NATSClient(cluster.servers[0], credentials: account.credentials())
      proxy.treatAnnouncements { $0 == 0 ? .drop : .pass }
      let claim = try cluster.organisation.authority.deletion(of: [account.key], iat: Organisation.now)
      #expect(try await cluster.claims.http.send("DELETE", HTTPClient.path(account.key), body: claim.bytes).status == 200)
      try await eventually("the client is dropped") { try client.farewell != nil }
    }

    @Test("that loses every announcement: two rounds after its end no server is behind", arguments: NATSServerVersion.allCases)
    func dropped(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      scene.proxy.treatAnnouncements { _ in .drop }
      let start = scene.rounds
      for second in Int64(1)...3 { try await scene.push(second) }
      // A minute: a round begins every second. What is announced again and again meets its pauses meanwhile.
      try await eventually("servers were asked for a minute", within: 180) { scene.rounds >= start + 60 }
      try await scene.push(4)
      #expect(try await scene.behind(0).isEmpty, "nothing arrives")
      let end = scene.rounds
      scene.proxy.treat { _ in .pass }
      try await eventually("two rounds are over") { scene.rounds >= end + 3 }
      #expect(try await scene.behind(4).isEmpty)
      #expect(try await scene.cluster.claims.metric("nats_claims_contested_accounts") == 0, "nobody fights: the network was bad")
    }

    @Test("that repeats and delays announcements: every server ends with the newest claims", arguments: NATSServerVersion.allCases)
    func reordered(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      scene.proxy.treatAnnouncements { number in
        switch number % 4 {
        case 0: .after(.milliseconds(400 * (5 - number % 5)))
        case 1: .times(3)
        case 2: .after(.milliseconds(150))
        default: .pass
        }
      }
      for second in Int64(1)...8 { try await scene.push(second) }
      try await scene.hold(8)
      scene.proxy.treat { _ in .pass }
      // What was delayed longest has arrived by then.
      let end = scene.rounds
      try await eventually("it was looked at again") { scene.rounds >= end + 4 }
      try await scene.hold(8)
      try await stays("as pushed", for: .seconds(2)) { try await scene.behind(8).isEmpty }
    }

    @Test("that is cut in the middle of a burst of pushes loses none of them", arguments: NATSServerVersion.allCases)
    func cut(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version, accounts: 6)
      scene.proxy.treatAnnouncements { number in [3, 11, 20].contains(number) ? .cut : .pass }
      for second in Int64(1)...5 {
        try await scene.push(second)
        if second == 3 { scene.proxy.cut() }
      }
      #expect(scene.cluster.claims.log.contains("no connection to NATS, announcements wait"))
      try await eventually("everything is announced") { try await scene.cluster.claims.metric("nats_claims_announcement_lag_records") == 0 }
      try await scene.hold(5)
      for account in scene.accounts {
        try await eventually("everybody confirmed") {
          let shown = try await scene.cluster.run("show", account.key.text).output
          return shown.contains("3 applied (s1, s2, s3)")
        }
      }
    }
  }
}
