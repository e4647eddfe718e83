import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension SystemTests {
  @Suite("two full resolvers beside nats-claims")
  struct TwoResolversTests {
    /// The resolvers, in one cluster; nats-claims is connected to the first.
    private struct Scene: Sendable {
      let organisation: Organisation
      let directories: [String]
      let cluster: Cluster

      /// Starts all of it; `prepare` fills the resolvers' directories before, and `obeys` says which of them take delete claims.
      init(
        _ version: NATSServerVersion, obeys: [Bool] = [true, true], prepare: (Organisation, [String]) throws -> Void = { _, _ in }
      ) async throws {
        organisation = try Organisation()
        directories = [try organisation.directory(), try organisation.directory()]
        try prepare(organisation, directories)
        let others = zip(directories, obeys).map { directory, isObeying in
          Cluster.Other(resolver: isObeying ? .deleting(directory: directory) : .full(directory: directory))
        }
        cluster = try await Cluster(
          version, organisation: organisation, count: 0, others: others, environment: ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "500ms"])
      }

      /// What each resolver keeps of an account.
      func kept(_ account: AccountKey, deleted: Bool = false) -> [String?] {
        directories.map { directory in
          FileManager.default.contents(atPath: "\(directory)/\(account).jwt\(deleted ? ".deleted" : "")").map {
            String(decoding: $0, as: UTF8.self)
          }
        }
      }

      /// Waits until both keep a token, and nats-claims serves it.
      func serve(_ token: Token, of account: TestAccount) async throws {
        try await eventually("nats-claims serves the token") { try await cluster.claims.http.account(account.key).body == token.bytes }
        try await eventually("both resolvers keep the token") { kept(account.key) == [token.text, token.text] }
      }

      func delete(_ account: TestAccount) async throws {
        let deleted = try await cluster.run("delete", "--keys", organisation.keyStore(), account.key.text)
        #expect(deleted.succeeded, "\(deleted.errors)")
      }
    }

    private static func put(_ token: Token, of account: TestAccount, into directory: String) throws {
      try Data(token.bytes).write(to: URL(filePath: "\(directory)/\(account.key).jwt"))
    }

    @Test("come to keep what is stored, whatever each of them had, and both delete what is deleted", arguments: NATSServerVersion.allCases)
    func converge(_ version: NATSServerVersion) async throws {
      var made: [TestAccount] = []
      let scene = try await Scene(version) { organisation, directories in
        made = try (0..<2).map { _ in try TestAccount(of: organisation) }
        for (account, directory) in zip(made, directories) { try Self.put(account.token(), of: account, into: directory) }
      }
      for account in made { try await scene.serve(account.token(), of: account) }
      let ours = try TestAccount(of: scene.organisation)
      try await scene.cluster.claims.store(ours.token(), of: ours)
      try await scene.serve(ours.token(), of: ours)
      // One of them is rolled back while it is away.
      try await scene.cluster.claims.store(made[1].token(1), of: made[1])
      try await scene.serve(made[1].token(1), of: made[1])
      scene.cluster.servers[1].ask(with: SIGTERM)
      try await scene.cluster.sees(1, state: "gone")
      try await scene.cluster.servers[1].kill()
      try Self.put(made[1].token(), of: made[1], into: scene.directories[1])
      try await scene.cluster.servers[1].start()
      try await scene.serve(made[1].token(1), of: made[1])

      for account in [made[0], ours] {
        try await scene.delete(account)
        // The closing claims, which go out too, may come to a resolver behind the delete claim: then it is sent once more.
        try await eventually("both delete it") {
          !scene.kept(account.key, deleted: true).contains(nil) && scene.kept(account.key) == [nil, nil]
        }
      }
      try await stays("deleted everywhere", for: .seconds(3)) {
        for account in [made[0], ours] {
          guard scene.kept(account.key) == [nil, nil] else { return false }
          guard try await scene.cluster.claims.http.account(account.key).status == 404 else { return false }
        }
        return true
      }
      try await scene.serve(made[1].token(1), of: made[1])
      try await eventually("nobody is named") { try await !scene.cluster.claims.http.get("/readyz").text.contains("a resolver") }
    }

    @Test("that hold different claims of the same accounts come to keep the newest of each", arguments: NATSServerVersion.allCases)
    func newest(_ version: NATSServerVersion) async throws {
      var made: [TestAccount] = []
      let scene = try await Scene(version) { organisation, directories in
        made = try (0..<4).map { _ in try TestAccount(of: organisation) }
        // Of every other account the second one has the newer claims: whichever is heard first, it must not win in all of them.
        for (number, account) in made.enumerated() {
          try Self.put(account.token(1), of: account, into: directories[number % 2])
          try Self.put(account.token(), of: account, into: directories[1 - number % 2])
        }
      }
      for account in made { try await scene.serve(account.token(1), of: account) }
    }

    @Test("one of which refuses delete claims: it is named, the other deletes", arguments: NATSServerVersion.allCases)
    func refusal(_ version: NATSServerVersion) async throws {
      for obeys in [[true, false], [false, true]] {
        let scene = try await Scene(version, obeys: obeys)
        let account = try TestAccount(of: scene.organisation)
        try await scene.cluster.claims.store(account.token(), of: account)
        try await scene.serve(account.token(), of: account)
        try await scene.delete(account)
        let name = obeys[0] ? "s2" : "s1"
        try await eventually("\(name) is named") {
          let state = try await scene.cluster.claims.http.get("/readyz").text
          return state.contains("a resolver keeps the account \(account.key), which is deleted here: \(name): ")
            && state.contains("delete must be enabled")
        }
        try await eventually("the other deletes it") { scene.kept(account.key, deleted: true)[obeys[0] ? 0 : 1] != nil }
        try await stays("deleted", for: .seconds(3)) { try await scene.cluster.claims.http.account(account.key).status == 404 }
        #expect(scene.kept(account.key).map { $0 == nil } == obeys)
        #expect(try await scene.cluster.claims.http.get("/readyz").text.contains("\(name): "), "it is still named")
      }
    }
  }
}
