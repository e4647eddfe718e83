import Claims
import ClaimsTestSupport
import Foundation
import Testing

extension SystemTests {
  @Suite("a resolver beside nats-claims")
  struct ResolverPeerTests {
    private let quick = ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "500ms"]

    /// A nats-server with a resolver of its own, and nats-claims connected to it.
    private func pair(
      _ version: NATSServerVersion, _ organisation: Organisation, _ resolver: NATSServer.Resolver
    ) async throws -> (server: NATSServer, claims: ServerUnderTest) {
      let server = try NATSServer(version, organisation, resolver: resolver)
      try await server.start()
      var options = try ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials())
      options.environment = quick
      let claims = try await ServerUnderTest(options)
      try await claims.isConnected()
      return (server, claims)
    }

    private func text(_ directory: String, _ account: AccountKey, deleted: Bool = false) -> String? {
      let path = "\(directory)/\(account).jwt\(deleted ? ".deleted" : "")"
      return FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("that only caches gets its accounts over NATS", arguments: NATSServerVersion.allCases)
    func cache(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let directory = try Stage.required.newFolder("cache")
      let (server, claims) = try await pair(
        version, organisation, .cache(directory: directory, [(organisation.systemAccount, organisation.systemToken)]))
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      #expect(try await NATSClient.refusal(by: server, credentials: account.credentials()) == nil)
      #expect(text(directory, account.key) == (try account.token().text))
      let stranger = try TestAccount(of: organisation)
      #expect(try await NATSClient.refusal(by: server, credentials: stranger.credentials()) != nil)
    }

    @Test("that is full and nats-claims give each other what they have", arguments: NATSServerVersion.allCases)
    func full(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      let theirs = try TestAccount(of: organisation)
      try Data(theirs.token().bytes).write(to: URL(filePath: "\(directory)/\(theirs.key).jwt"))
      let (server, claims) = try await pair(version, organisation, .full(directory: directory))
      try await eventually("theirs is ours") { try await claims.http.get(HTTPClient.path(theirs.key)).text == theirs.token().text }
      let ours = try TestAccount(of: organisation)
      try await claims.store(ours.token(), of: ours)
      try await eventually("ours is theirs") { text(directory, ours.key) == (try ours.token().text) }
      // A token that nobody trusted signed is stored by the resolver: it is put right there, and never comes in.
      let auditor = try await Auditor(server, organisation)
      let foreign = try TestAuthority().account(ours.key, iat: Organisation.now)
      try await auditor.client.publish(foreign.text, to: "$SYS.REQ.CLAIMS.UPDATE")
      try await eventually("it was seen") { claims.log.contains("untrusted issuer") }
      try await eventually("ours is theirs again") { text(directory, ours.key) == (try ours.token().text) }
      #expect(try await claims.http.get(HTTPClient.path(ours.key)).text == ours.token().text)
    }

    @Test(
      "that holds the same as nats-claims is told so and nothing else, also when claims are over that are stored here",
      arguments: NATSServerVersion.allCases)
    func same(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      let (server, claims) = try await pair(version, organisation, .full(directory: directory))
      let client = try await Auditor(server, organisation).client
      let (brief, lasting) = (try TestAccount(of: organisation), try TestAccount(of: organisation))
      let over = try brief.token { $0.common.exp = Organisation.now + 3 }
      try await claims.store(over, of: brief)
      try await claims.store(lasting.token(), of: lasting)
      try await eventually("the lasting one is theirs") { text(directory, lasting.key) == (try lasting.token().text) }
      try await eventually("the brief one is over") {
        try await claims.http.get(HTTPClient.path(brief.key) + "?check=true").status == 404
      }
      try await eventually("the resolver does not keep what is over") { text(directory, brief.key) == nil }
      #expect(try await claims.http.account(brief.key).body == over.bytes, "it is stored here")
      let hash = packHash(of: [try lasting.token(), organisation.systemToken])
      // Either of them answers: it goes on until both did.
      let asked = "nats_claims_nats_requests_total{service=\"pack\"}"
      let before = try await claims.metric(asked) ?? 0
      var (count, ours) = (0, 0)
      while count < 8 || ours == 0 || ours >= count {
        try #require(count < 64, "one of them answers everything")
        #expect(try await client.pack(hash: hash) == [""], "an empty message, once")
        count += 1
        ours = (try await claims.metric(asked) ?? 0) - before
      }
    }

    @Test("that has accounts which are not taken here is named with them, until it has them no more", arguments: NATSServerVersion.allCases)
    func foreign(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      // One that another operator signed, and one of ours, from the future.
      let (stranger, early) = (try TestAccount(of: Organisation()), try TestAccount(of: organisation))
      let tokens = [(stranger.key, try stranger.token(), "untrusted issuer"), (early.key, try early.token(90_000), "the clock here says")]
      for (key, token, _) in tokens { try Data(token.bytes).write(to: URL(filePath: "\(directory)/\(key).jwt")) }
      let (server, claims) = try await pair(version, organisation, .full(directory: directory))
      try await eventually("both are named") { try await claims.warnings("peers").count == 2 }
      let named = try await claims.warnings("peers")
      for (key, token, reason) in tokens {
        let start = "a resolver has the account \(key), which is not stored here, with claims that are not taken: "
        #expect(named.contains { $0.hasPrefix(start) && $0.contains(reason) }, "\(named)")
        #expect(try await claims.http.account(key).status == 404)
        #expect(text(directory, key) == token.text, "it stays the resolver's")
      }
      #expect(try await claims.http.get("/readyz").status == 200, "it is a warning, and no more")
      try await server.kill()
      for (key, _, _) in tokens { try FileManager.default.removeItem(atPath: "\(directory)/\(key).jwt") }
      try await server.start()
      try await eventually("nobody is named") { try await claims.warnings("peers").isEmpty }
    }

    @Test("that was changed while nats-claims was away is put right by an update", arguments: NATSServerVersion.allCases)
    func rolledBack(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      let (server, claims) = try await pair(version, organisation, .full(directory: directory))
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(1), of: account)
      try await eventually("it is theirs") { text(directory, account.key) == (try account.token(1).text) }
      _ = try await claims.stop()
      let auditor = try await Auditor(server, organisation)
      try await auditor.client.publish(account.token().text, to: "$SYS.REQ.CLAIMS.UPDATE")
      try await eventually("the resolver is rolled back") { text(directory, account.key) == (try account.token().text) }
      let again = try await ServerUnderTest(claims.options)
      try await eventually("it is put right") { text(directory, account.key) == (try account.token(1).text) }
      try await again.isConnected()
    }

    @Test("that skips a token in a pack because of its jti is put right by an update", arguments: NATSServerVersion.allCases)
    func equalIdentifiers(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let theirs = try account.token { $0.limits.connections = 1 }
      let ours = try account.token { $0.limits.connections = 2 }
      #expect(try DecodedToken.decode(theirs).claims.common.jti == DecodedToken.decode(ours).claims.common.jti)
      let directory = try organisation.directory()
      try Data(theirs.bytes).write(to: URL(filePath: "\(directory)/\(account.key).jwt"))
      let server = try NATSServer(version, organisation, resolver: .full(directory: directory))
      let own = try organisation.directory()
      try Data(ours.bytes).write(to: URL(filePath: "\(own)/\(account.key).jwt"))
      var options = try ServerUnderTest.Options(organisation, directory: own)
        .announcing(to: server, as: organisation.systemCredentials())
      options.environment = quick
      let claims = try await ServerUnderTest(options)
      try await server.start()
      try await eventually("ours is theirs") { text(directory, account.key) == ours.text }
      #expect(try await claims.http.get(HTTPClient.path(account.key)).text == ours.text)
    }

    @Test(
      "that obeyed a deletion keeps no file of it while the closing claims go out again, because another server is silent",
      arguments: NATSServerVersion.allCases)
    func repeatedClosing(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      // Packs are asked for every two minutes: they have no part in it.
      let cluster = try await Cluster(
        version, organisation: organisation, count: 2, others: [.init(resolver: .deleting(directory: directory))], hasKeys: true)
      let account = try TestAccount(of: organisation)
      try await cluster.claims.store(account.token(), of: account)
      try await eventually("the resolver keeps it") { text(directory, account.key) == (try account.token().text) }
      cluster.servers[1].pause()
      defer { cluster.servers[1].resume() }
      let published = "nats_claims_announcements_total{result=\"published\"}"
      let before = try await cluster.claims.metric(published) ?? 0
      let claim = try organisation.authority.deletion(of: [account.key], iat: Organisation.now)
      #expect(try await cluster.claims.http.send("DELETE", HTTPClient.path(account.key), body: claim.bytes).status == 200)
      for repetition in 1...4 {
        try await eventually("closing claims went out \(repetition) times") {
          try await cluster.claims.metric(published) ?? 0 >= before + repetition
        }
        try await eventually("the resolver keeps no file", within: 20) { text(directory, account.key) == nil }
      }
      // All servers confirm it now, or are not waited for: nothing goes out any more, and the last delete claim follows within a second.
      cluster.servers[1].resume()
      try await eventually("nothing is left to be done") { try await cluster.claims.metric("nats_claims_unconfirmed_changes") == 0 }
      try await stays("closing claims go out no more", for: .seconds(2)) {
        try await cluster.claims.metric("nats_claims_unconfirmed_changes") == 0
      }
      try await eventually("the last delete claim worked", within: 20) { text(directory, account.key) == nil }
      try await stays("the resolver keeps no file", for: .seconds(2)) { text(directory, account.key) == nil }
    }

    @Test("and nats-claims both answer nsc, a pack one of them", arguments: NATSServerVersion.allCases)
    func nsc(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let (server, claims) = try await pair(version, organisation, .full(directory: organisation.directory()))
      let client = try await Auditor(server, organisation).client
      let account = try TestAccount(of: organisation)
      let answers = try await client.gather(account.token().text, from: "$SYS.REQ.CLAIMS.UPDATE", quiet: 1)
      #expect(answers.count == 2)
      #expect(answers.allSatisfy { $0.contains("jwt updated") })
      #expect(try await claims.http.get(HTTPClient.path(account.key)).text == account.token().text)
      let tokens = [(account.key, try account.token()), (organisation.systemAccount, organisation.systemToken)]
      let whole = tokens.map { "\($0)|\($1.text)" }.sorted()
      for _ in 0..<6 {
        let pack = try await client.pack()
        #expect(pack.last == "")
        #expect(pack.dropLast().sorted() == whole, "one of them answers, and says once that it is all")
      }
      #expect(try await client.gather(from: "$SYS.REQ.CLAIMS.LIST", quiet: 1).count == 2)
    }

    @Test("and nats-claims both answer nsc's lists and lookups, and both delete what it removes", arguments: NATSServerVersion.allCases)
    func nscDeletions(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      let (server, claims) = try await pair(version, organisation, .deleting(directory: directory))
      let client = try await Auditor(server, organisation).client
      let accounts = try (0..<4).map { _ in try TestAccount(of: organisation) }
      for account in accounts {
        try await claims.store(account.token(), of: account)
        try await eventually("it is theirs") { text(directory, account.key) == (try account.token().text) }
        // nsc looks one up to pull it.
        let found = try await client.gather(from: "$SYS.REQ.ACCOUNT.\(account.key).CLAIMS.LOOKUP", quiet: 1)
        #expect(found == (try [account.token().text, account.token().text]))
      }
      /// The members of both answers; each has the name of its server, without which nsc fails.
      func answers(_ text: String = "", from subject: String) async throws -> [JSONValue] {
        let answers = try await client.gather(text, from: subject, quiet: 1).map { try JSONReader().read(Array($0.utf8)) }
        #expect(Set(answers.map { $0["server"]?["name"]?.text }) == ["test", "nats-claims"])
        return answers
      }
      func listed() async throws -> [[String]?] {
        try await answers(from: "$SYS.REQ.CLAIMS.LIST").map { $0["data"]?.elements?.compactMap(\.text).sorted() }
      }
      let all = (accounts.map(\.key) + [organisation.systemAccount]).map(\.text).sorted()
      #expect(try await listed() == [all, all])
      // One is removed; two are pruned, in one claim.
      for (keys, said) in [([accounts[0].key], "deleted 1 accounts"), (accounts[1...2].map(\.key), "deleted 2 accounts")] {
        let claim = try organisation.authority.deletion(of: keys, iat: Organisation.now)
        let deleted = try await answers(claim.text, from: "$SYS.REQ.CLAIMS.DELETE")
        #expect(deleted.map { $0["data"]?["message"]?.text } == [said, said], "\(deleted.map(\.jsonText))")
      }
      let system = try organisation.authority.deletion(of: [organisation.systemAccount], iat: Organisation.now)
      let refused = try await answers(system.text, from: "$SYS.REQ.CLAIMS.DELETE").map { $0["error"]?["description"]?.text }
      #expect(refused.allSatisfy { $0?.contains("not allowed to delete system account") == true }, "\(refused)")
      let rest = [accounts[3].key, organisation.systemAccount].map(\.text).sorted()
      #expect(try await listed() == [rest, rest])
      for account in accounts[...2] {
        #expect(text(directory, account.key, deleted: true) != nil)
        try await stays("deleted", for: .seconds(1)) { try await claims.http.account(account.key).status == 404 }
      }
      #expect(try await claims.http.account(accounts[3].key).body == accounts[3].token().bytes)
    }

    @Test("is sent the delete claim of what is deleted here; one that refuses it is named", arguments: NATSServerVersion.allCases)
    func deletions(_ version: NATSServerVersion) async throws {
      for isDeleting in [true, false] {
        let organisation = try Organisation()
        let directory = try organisation.directory()
        let (_, claims) = try await pair(version, organisation, isDeleting ? .deleting(directory: directory) : .full(directory: directory))
        let account = try TestAccount(of: organisation)
        try await claims.store(account.token(), of: account)
        try await eventually("it is theirs") { text(directory, account.key) != nil }
        let deleted = try await Command.claims(
          "delete", "--url", "http://127.0.0.1:\(claims.port)", "--keys", try organisation.keyStore(), account.key.text)
        #expect(deleted.succeeded, "\(deleted.errors)")
        if isDeleting {
          try await eventually("it is deleted there") { text(directory, account.key, deleted: true) != nil }
        } else {
          try await eventually("the resolver is named") {
            let state = try await claims.http.get("/readyz").text
            return state.contains("delete must be enabled") && state.contains(account.key.text)
          }
        }
        try await stays("deleted", for: .seconds(3)) { try await claims.http.get(HTTPClient.path(account.key)).status == 404 }
      }
    }
  }
}
