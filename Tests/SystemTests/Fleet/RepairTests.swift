import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import Testing

extension SystemTests {
  @Suite("claims that somebody else sends to the servers")
  struct RepairTests {
    private let quick = ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "1s"]

    /// An account with a client at the only server, and somebody who sends its older claims there.
    private struct Fight: Sendable {
      let cluster: Cluster
      let account: TestAccount
      let rogue: Auditor
      private let watcher: Watcher

      init(_ version: NATSServerVersion) async throws {
        cluster = try await Cluster(version, count: 1)
        account = try TestAccount(of: cluster.organisation)
        try await cluster.claims.store(account.token(1), of: account)
        rogue = try await Auditor(cluster.servers[0], cluster.organisation)
        _ = try await NATSClient(cluster.servers[0], credentials: account.credentials())
        watcher = try await Watcher(cluster.servers[0], cluster.organisation)
      }

      func attack() async throws {
        try await rogue.client.publish(account.token().text, to: "$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE")
      }

      /// How often the stored claims were announced again.
      var repairs: Int {
        get throws { try watcher.announcements(of: account.key).count { try $0.text == account.token(1).text } }
      }
    }

    @Test("roll an account back nowhere for long", arguments: NATSServerVersion.allCases)
    func rollback(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version)
      let auditors = try await cluster.auditors()
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(), of: account)
      for server in cluster.servers { _ = try await NATSClient(server, credentials: account.credentials()) }
      try await cluster.claims.store(account.token(1), of: account)
      try await cluster.hold(account.token(1), of: account.key, auditors)
      try await auditors[2].client.publish(account.token().text, to: "$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE")
      try await eventually("it is put right") {
        try await cluster.claims.metric("nats_claims_repairs_total{result=\"announced\"}") ?? 0 >= 1
      }
      try await cluster.hold(account.token(1), of: account.key, auditors)
      #expect(cluster.claims.log.contains("somebody sent nats-servers other claims than those stored"))
    }

    @Test("are put right on all servers within a second", arguments: NATSServerVersion.allCases)
    func soon(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version)
      let auditors = try await cluster.auditors()
      var times: [Duration] = []
      for attempt in 1...5 {
        let account = try TestAccount(of: cluster.organisation)
        try await cluster.claims.store(account.token(), of: account)
        for server in cluster.servers { _ = try await NATSClient(server, credentials: account.credentials()) }
        try await cluster.claims.store(account.token(1), of: account)
        try await cluster.hold(account.token(1), of: account.key, auditors)
        let sent = Date()
        try await auditors[2].client.publish(account.token().text, to: "$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE")
        try await eventually("it is put right") {
          try await cluster.claims.metric("nats_claims_repairs_total{result=\"announced\"}") ?? 0 >= attempt
        }
        try await cluster.hold(account.token(1), of: account.key, auditors)
        var last = sent
        for auditor in auditors { last = max(last, try await auditor.changed(account.key)) }
        times.append(.seconds(last.timeIntervalSince(sent)))
      }
      // Everything else on this machine may be in the way once.
      #expect(times.count { $0 > .zero && $0 <= .seconds(1) } >= 4, "\(times)")
    }

    /// Claims of an account that are not those stored, each in its own way.
    private enum Wrong: CaseIterable {
      case older
      case foreign
      case otherSignature
      case otherPayload

      func token(of account: TestAccount) throws -> Token {
        let newer = try account.token(2)
        let (parts, others) = (try Self.parts(newer), try Self.parts(account.token(3)))
        return switch self {
        case .older: try account.token()
        case .foreign: try TestAuthority().account(account.key, iat: Organisation.now)
        case .otherSignature: Token("\(parts[0]).\(parts[1]).\(others[2])")
        case .otherPayload: Token("\(parts[0]).\(others[1]).\(parts[2])")
        }
      }

      private static func parts(_ token: Token) throws -> [Substring] {
        let parts = token.text.split(separator: ".")
        try #require(parts.count == 3)
        return parts
      }
    }

    @Test("are answered with ours, whatever is wrong with them: older, foreign, or altered", arguments: NATSServerVersion.allCases)
    func wrong(_ version: NATSServerVersion) async throws {
      // What is announced here answers what was sent, since nobody compares servers meanwhile.
      let cluster = try await Cluster(version, environment: ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "1h"])
      let auditors = try await cluster.auditors()
      let watcher = try await Watcher(cluster.servers[0], cluster.organisation)
      for (number, wrong) in Wrong.allCases.enumerated() {
        let account = try TestAccount(of: cluster.organisation)
        try await cluster.claims.store(account.token(), of: account)
        for server in cluster.servers { _ = try await NATSClient(server, credentials: account.credentials()) }
        let pushed = try await cluster.run("push", "--wait", "30s", cluster.file(account.token(1)))
        #expect(pushed.succeeded && pushed.output.contains("3 applied"), "\(pushed.output) \(pushed.errors)")
        try await watcher.hears(account.token(1), of: account.key)
        let token = try wrong.token(of: account)
        try await auditors[2].client.publish(token.text, to: "$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE")
        try await eventually("ours is announced again after \(wrong) claims") {
          let heard = try watcher.announcements(of: account.key).map(\.text)
          guard let place = heard.firstIndex(of: token.text) else { return false }
          return try heard[place...].contains(account.token(1).text)
        }
        try await eventually("\(wrong) claims are counted") {
          try await cluster.claims.metric("nats_claims_repairs_total{result=\"announced\"}") == number + 1
        }
        try await cluster.hold(account.token(1), of: account.key, auditors)
        #expect(try await cluster.claims.http.account(account.key).body == account.token(1).bytes)
      }
      #expect(try await cluster.claims.metric("nats_claims_repairs_total{result=\"postponed\"}") ?? 0 == 0)
    }

    @Test("also when they are closing claims, by which we would delete the account", arguments: NATSServerVersion.allCases)
    func closing(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version)
      let auditors = try await cluster.auditors()
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(1), of: account)
      for server in cluster.servers { _ = try await NATSClient(server, credentials: account.credentials()) }
      // What was announced at a deletion that was taken back since looks like that.
      for second in [Int64(0), 1, 2] {
        let closing = try account.token(second, name: "closing") { claims in
          claims.limits = AccountLimits()
          claims.common.exp = Organisation.now + 600
        }
        let watcher = try await Watcher(cluster.servers[0], cluster.organisation)
        try await auditors[1].client.publish(closing.text, to: "$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE")
        try await watcher.hears(closing, of: account.key)
        try await watcher.hears(account.token(1), of: account.key)
        try await cluster.hold(account.token(1), of: account.key, auditors)
      }
      #expect(try await cluster.claims.http.account(account.key).body == account.token(1).bytes)
    }

    @Test("are found by asking, when they were sent unseen", arguments: NATSServerVersion.allCases)
    func unseen(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1, environment: quick)
      let auditor = try await Auditor(cluster.servers[0], cluster.organisation)
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(1), of: account)
      _ = try await NATSClient(cluster.servers[0], credentials: account.credentials())
      // While nats-claims is away nobody hears it.
      _ = try await cluster.claims.stop()
      try await auditor.client.publish(account.token().text, to: "$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE")
      try await eventually("the server is rolled back") { try await auditor.holding(of: account.key) == account.token() }
      let claims = try await ServerUnderTest(cluster.claims.options)
      try await eventually("it is put right") { try await auditor.holding(of: account.key) == account.token(1) }
      try await claims.isConnected()
    }

    @Test("for a minute without a pause are answered a few times, and are gone after it", arguments: NATSServerVersion.allCases)
    func aMinute(_ version: NATSServerVersion) async throws {
      let fight = try await Fight(version)
      let (cluster, account, rogue) = (fight.cluster, fight.account, fight.rogue)
      let end = ContinuousClock.now + .seconds(60)
      var sent = 0
      try await eventually("a minute is over", within: 180) {
        try await fight.attack()
        sent += 1
        return ContinuousClock.now >= end
      }
      let ours = try fight.repairs
      // Three at once, then after pauses of 10, 20 and 40 seconds; what comes between is not answered.
      #expect(sent > 100 && ours <= 8, "\(ours) repairs of \(sent) attacks")
      #expect(try await cluster.claims.metric("nats_claims_contested_accounts") == 1)
      try await eventually("it is put right after the last pause", within: 120) {
        try await rogue.holding(of: account.key) == account.token(1)
      }
      try await eventually("there is peace a minute after the last attack", within: 180) {
        try await cluster.claims.metric("nats_claims_contested_accounts") == 0
      }
    }

    private static func user(of credentials: String) throws -> String {
      try CredentialsFile(parsing: String(contentsOfFile: credentials, encoding: .utf8)).keyPair.publicKey.text
    }

    @Test("by a publisher that does not stop meet pauses and an alert, not an endless fight", arguments: NATSServerVersion.allCases)
    func insistent(_ version: NATSServerVersion) async throws {
      let fight = try await Fight(version)
      let (cluster, account, rogue) = (fight.cluster, fight.account, fight.rogue)
      // Somebody else sends something too, under the name of our own connection.
      let credentials = try cluster.organisation.systemCredentials()
      let impostor = try await NATSClient(cluster.servers[0], credentials: credentials, name: "nats-claims")
      try await impostor.publish("", to: "somewhere")
      for _ in 0..<40 { try await fight.attack() }
      try await eventually("all were seen") {
        try await cluster.claims.metric("nats_claims_repairs_total{result=\"postponed\"}") ?? 0 >= 37
      }
      try await eventually("the alert names the publisher") {
        let state = try await cluster.claims.http.get("/readyz").text
        return state.contains("contested_accounts") && state.contains(account.key.text) && state.contains(rogue.client.name)
      }
      let named = try await cluster.claims.warnings("contested_accounts").joined()
      #expect(try named.contains("nats-claims / user / \(Self.user(of: credentials)) at 127.0.0.1:"), "\(named)")
      // We, who announce all the time, are none of them.
      let own = try Self.user(of: #require(cluster.claims.options.credentials))
      #expect(!named.contains(own), "\(named)")
      #expect(try await cluster.claims.metric("nats_claims_contested_accounts") == 1)
      try await eventually("the log has it") {
        cluster.claims.log.split(separator: "\n").contains { line in
          ["an account is fought over", account.key.text, "publishers", rogue.client.name].allSatisfy { line.contains($0) }
        }
      }
      let ours = try fight.repairs
      #expect((1...4).contains(ours), "\(ours) repairs")
      try await eventually("it is put right after the pause") { try await rogue.holding(of: account.key) == account.token(1) }
    }
  }
}
