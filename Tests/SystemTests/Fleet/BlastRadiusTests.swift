import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
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

    @Test("of a connection limit is said before and holds afterwards", arguments: NATSServerVersion.allCases)
    func limit(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      let token = try scene.account.token(1) { $0.limits.connections = Limit(2) }
      let said = try await scene.rehearse(token)
      #expect(said.contains("connections unlimited → 2; 5 connected now: 3 would be dropped on s1, s3"), "\(said)")
      #expect(try scene.dropped == 0)
      #expect(try await scene.cluster.claims.http.account(scene.account.key).body == scene.account.token().bytes, "nothing is stored")
      try await scene.cluster.claims.store(token, of: scene.account)
      // Servers count what others have, and each closes its own share: at least so many. Old ones count their own clients alone.
      let least = version == .newest ? 3 : 1
      try await eventually("as many are dropped as was said") { try scene.dropped >= least }
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

    @Test("of claims that change nothing for anybody is nothing", arguments: NATSServerVersion.allCases)
    func nothing(_ version: NATSServerVersion) async throws {
      let scene = try await Scene(version)
      let said = try await scene.rehearse(scene.account.token(1) { $0.limits.connections = Limit(5) })
      #expect(said.contains("connections unlimited → 5; 5 connected now: none would be dropped"), "\(said)")
      #expect(try await scene.rehearse(scene.account.token(1, name: "renamed")).contains("5 connected now: none would be dropped"))
    }
  }
}
