import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("what a change would do to the clients that are connected")
  struct BlastRadiusTests {
    /// Five clients of an account on two servers of a cluster.
    private struct Scene: Sendable {
      let cluster: Cluster
      let account: TestAccount
      /// Two on the first server, three on the third.
      let clients: [NATSClient]
      let credentials: [String]

      init(_ version: NATSServerVersion) async throws {
        cluster = try await Cluster(version)
        account = try TestAccount(of: cluster.organisation)
        try await cluster.claims.store(account.token(), of: account)
        credentials = try (0..<5).map { [account] _ in try account.credentials() }
        var clients: [NATSClient] = []
        for (number, server) in [0, 0, 2, 2, 2].enumerated() {
          clients.append(try await NATSClient(cluster.servers[server], credentials: credentials[number]))
        }
        self.clients = clients
      }

      func rehearse(_ token: Token) async throws -> String {
        let result = try await cluster.run("push", "--dry-run", cluster.file(token))
        #expect(result.succeeded, "\(result.errors)")
        return result.output
      }

      var dropped: Int { get throws { try clients.count { try $0.farewell != nil } } }
    }

    /// A limit of connections, and what is said of it to five clients, two here and three there.
    struct LimitCase: Sendable, CustomTestStringConvertible {
      let limit: Int64
      let said: String
      /// Newest servers count what others have, and each closes its own share.
      let least: Int
      let most: Int64
      /// Old ones count their own clients alone.
      let leastOfOld: Int

      var testDescription: String { "a limit of \(limit)" }

      static let all = [
        LimitCase(
          limit: 2, said: "connections unlimited → 2; 5 connected now: 3 would be dropped on s1, s3", least: 3, most: 5, leastOfOld: 1),
        LimitCase(
          limit: 4, said: "connections unlimited → 4; 5 connected now: 1 would be dropped on s1, s3", least: 1, most: 2, leastOfOld: 0),
      ]
    }

    @Test("of a connection limit is said before and holds afterwards", arguments: LimitCase.all, NATSServerVersion.allCases)
    func limit(_ expected: LimitCase, _ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      let token = try scene.account.token(1) { $0.limits.connections = Limit(expected.limit) }
      let said = try await scene.rehearse(token)
      #expect(said.contains(expected.said), "\(said)")
      #expect(said.contains("it can be up to \(expected.most), "), "\(said)")
      let path = "/api/v1/accounts/\(scene.account.key)?dry_run=true"
      let answer = try JSONReader().read(try await scene.cluster.claims.http.send("POST", path, body: token.bytes).body)
      let most = try #require(answer["impact"]?["effects"]?.elements?.first?["most"]?.integer)
      #expect(most == expected.most, "\(answer.jsonText)")
      #expect(try scene.dropped == 0)
      #expect(try await scene.cluster.claims.http.account(scene.account.key).body == scene.account.token().bytes, "nothing is stored")
      try await scene.cluster.claims.store(token, of: scene.account)
      let least = version == .newest ? expected.least : expected.leastOfOld
      try await eventually("as many are dropped as was said") { try scene.dropped >= least }
      try await scene.cluster.hold(token, of: scene.account.key, scene.cluster.auditors().filter { $0.server != "s2" })
      try await stays("no more than it can be", for: .seconds(3)) { try scene.dropped <= most }
    }

    @Test("of revocations names those who are hit, and they alone are dropped", arguments: NATSServerVersion.allCases)
    func revocation(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      let users = try scene.credentials.map {
        KeyReference(try CredentialsFile(parsing: String(contentsOfFile: $0, encoding: .utf8)).keyPair.publicKey)
      }
      let token = try scene.account.token(1) { claims in
        for number in [0, 3] { claims.revocations.revoke(users[number], at: Organisation.now) }
      }
      let said = try await scene.rehearse(token)
      #expect(said.contains("2 revocations; 5 connected now: 2 would be dropped on s1, s3"), "\(said)")
      try await scene.cluster.claims.store(token, of: scene.account)
      for number in [0, 3] { try await eventually("it is dropped") { try scene.clients[number].farewell != nil } }
      try await stays("connected", for: .seconds(1)) { try scene.dropped == 2 }
      let again = try await scene.rehearse(scene.account.token(2) { $0.revocations = Revocations() })
      #expect(again.contains("3 connected now"), "\(again)")
    }

    @Test("of signing keys are those whose users they signed, and they alone are dropped", arguments: NATSServerVersion.allCases)
    func signingKeys(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 2)
      let account = try TestAccount(of: cluster.organisation)
      let (removed, scoped, kept) = (try KeyPair.generate(.account), try KeyPair.generate(.account), try KeyPair.generate(.account))
      let keys = [removed, scoped, kept].map { KeyReference($0.publicKey) }
      try await cluster.claims.store(account.token { claims in for key in keys { claims.signingKeys.add(key) } }, of: account)
      var clients: [NATSClient] = []
      for (number, signer) in [removed, scoped, kept, nil].enumerated() {
        clients.append(try await NATSClient(cluster.servers[number % 2], credentials: account.credentials(signedBy: signer)))
      }
      let token = try account.token(1) { claims in
        claims.signingKeys.add(UserScope(key: keys[1]))
        claims.signingKeys.add(keys[2])
      }
      let said = try await cluster.run("push", "--dry-run", cluster.file(token))
      #expect(
        said.output.contains(
          "1 signing key taken out, 1 signing key with another scope; 4 connected now: 2 would be dropped on s1, s2"), "\(said.output)")
      try await cluster.claims.store(token, of: account)
      try await eventually("they are dropped") { try clients[0].farewell != nil && clients[1].farewell != nil }
      let others = clients[2...]
      try await stays("connected", for: .seconds(1)) { try others.allSatisfy { try $0.farewell == nil } }
    }

    @Test("of a deletion is everybody, and everybody is dropped", arguments: NATSServerVersion.allCases)
    func deletion(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      let said = try await scene.cluster.run("delete", "--dry-run", scene.account.key.text)
      #expect(
        said.output.contains("the account is deleted; 5 connected now: all would be dropped on s1, s3"), "\(said.output) \(said.errors)")
      let keys = try scene.cluster.organisation.keyStore()
      let deleted = try await scene.cluster.run("delete", "--keys", keys, scene.account.key.text)
      #expect(deleted.succeeded, "\(deleted.errors)")
      try await eventually("all are dropped") { try scene.dropped == 5 }
    }

    @Test("is said without a server that does not answer, which is named", arguments: NATSServerVersion.allCases)
    func silent(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      scene.cluster.servers[2].pause()
      defer { scene.cluster.servers[2].resume() }
      let silence = "s3 did not answer: the clients there are not counted"
      let token = try scene.account.token(1) { $0.limits.connections = Limit(1) }
      let said = try await scene.rehearse(token)
      #expect(said.contains("connections unlimited → 1; 2 connected now: 1 would be dropped on s1\n"), "\(said)")
      #expect(said.contains("  \(silence)\n"), "\(said)")
      let deletion = try await scene.cluster.run("delete", "--dry-run", scene.account.key.text)
      #expect(deletion.succeeded && deletion.output.contains("2 connected now: all would be dropped on s1\n"), "\(deletion)")
      #expect(deletion.output.contains(silence), "\(deletion)")
      let path = "/api/v1/accounts/\(scene.account.key)"
      let answer = try JSONReader().read(try await scene.cluster.claims.http.send("POST", path + "?dry_run=true", body: token.bytes).body)
      let clients = try JSONReader().read(try await scene.cluster.claims.http.get(path + "/clients").body)
      for impact in [answer["impact"], clients["deletion"]] {
        #expect(impact?["silent"]?.elements?.map(\.text) == ["s3"] && impact?["complete"]?.bool == false, "\(impact?.jsonText ?? "")")
        #expect(impact?["servers"]?.members?.map(\.name) == ["s1"] && impact?["connected"]?.integer == 2)
      }
      #expect(try await scene.cluster.claims.http.account(scene.account.key).body == scene.account.token().bytes, "nothing is stored")
    }

    @Test("is not known without nats-servers, or without a connection to them", arguments: [true, false])
    func nobody(_ isConfigured: Bool) async throws {
      let cluster = isConfigured ? try await Cluster(.newest, count: 1) : nil
      let organisation = try cluster?.organisation ?? Organisation()
      let claims: ServerUnderTest
      if let cluster {
        claims = cluster.claims
        try await cluster.servers[0].kill()
        try await eventually("the connection is lost") { try await claims.metric("nats_claims_nats_connected") == 0 }
      } else {
        claims = try await ServerUnderTest(organisation)
      }
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      let url = "http://127.0.0.1:\(claims.port)"
      let unknown = "no nats-server can be asked who is connected"
      let deletion = try await Command.claims("delete", "--dry-run", "--url", url, account.key.text)
      #expect(deletion.succeeded && deletion.output == "\(unknown)\n" && deletion.errors.isEmpty, "\(deletion)")
      let file = try Stage.required.file("account.jwt", account.token(1).text)
      let push = try await Command.claims("push", "--dry-run", "--url", url, file)
      #expect(push.succeeded && push.lines.first == "\(account.key):" && push.lines.last == "  \(unknown)", "\(push)")
      let answer = try JSONReader().read(try await claims.http.get("/api/v1/accounts/\(account.key)/clients").body)
      #expect(answer["clients"]?.isNull == true && answer["deletion"]?.isNull == true)
      // Neither did anything.
      #expect(try await claims.http.account(account.key).body == account.token().bytes)
      let stranger = try TestAccount(of: organisation)
      let absent = try await Command.claims("delete", "--dry-run", "--url", url, stranger.key.text)
      #expect(absent.ending == .exited(1) && absent.errors.contains("nothing was ever stored of the account \(stranger.key)"), "\(absent)")
    }

    @Test("of claims that change nothing for anybody is nothing", arguments: NATSServerVersion.allCases)
    func nothing(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      let said = try await scene.rehearse(scene.account.token(1) { $0.limits.connections = Limit(5) })
      #expect(said.contains("connections unlimited → 5; 5 connected now: none would be dropped"), "\(said)")
      #expect(try await scene.rehearse(scene.account.token(1, name: "renamed")).contains("5 connected now: none would be dropped"))
    }
  }
}
