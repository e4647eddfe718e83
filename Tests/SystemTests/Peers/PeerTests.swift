import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("two servers of ours on one system account")
  struct PeerTests {
    @Test("serve what was pushed at either, also what was pushed while one was away", arguments: NATSServerVersion.allCases)
    func pushes(_ version: NATSServerVersion) async throws {
      let twins = try await Twins(version)
      let account = try TestAccount(of: twins.organisation)
      try await twins.first.store(account.token(), of: account)
      try await twins.serve(account.token(), of: account.key)
      try await twins.second.store(account.token(1), of: account)
      try await twins.serve(account.token(1), of: account.key)
      _ = try await twins.second.stop()
      let missed = try TestAccount(of: twins.organisation)
      try await twins.first.store(missed.token(), of: missed)
      try await twins.first.store(account.token(2), of: account)
      let second = try await ServerUnderTest(twins.second.options)
      try await eventually("it hears of the new account") { try await second.http.account(missed.key).body == missed.token().bytes }
      try await eventually("it hears of the change") { try await second.http.account(account.key).body == account.token(2).bytes }
      let listener = try await twins.listener()
      #expect(try await listener.questions(during: 8) == 0)
    }

    @Test("delete what was deleted at either; nobody brings it back, and no resolver beside them", arguments: NATSServerVersion.allCases)
    func deletions(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let twins = try await Twins(version, organisation: organisation, resolver: .full(directory: organisation.directory()))
      let listener = try await twins.listener()
      let (heard, missed) = (try TestAccount(of: organisation), try TestAccount(of: organisation))
      for account in [heard, missed] {
        try await twins.first.store(account.token(), of: account)
        try await twins.serve(account.token(), of: account.key)
      }
      try await twins.delete(heard.key, at: twins.first)
      try await eventually("the other deletes it") { try await twins.second.http.account(heard.key).status == 404 }
      _ = try await twins.second.stop()
      try await twins.delete(missed.key, at: twins.first)
      let second = try await ServerUnderTest(twins.second.options)
      try await eventually("the other deletes what it missed") { try await second.http.account(missed.key).status == 404 }
      #expect(try await listener.questions(during: 12) == 0)
      for claims in [twins.first, second] {
        for account in [heard, missed] { #expect(try await claims.http.account(account.key).status == 404) }
      }
      // What is newer than the deletion is an account again, everywhere.
      try await second.store(heard.token(Organisation.now - heard.iat(0) + 1), of: heard)
      try await eventually("the first has it again") { try await twins.first.http.account(heard.key).status == 200 }
    }

    @Test(
      "and a full resolver come to hold what each of the three had, and have nothing to say to each other then",
      arguments: NATSServerVersion.allCases)
    func resolver(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let accounts = try (0..<3).map { _ in try TestAccount(of: organisation) }
      let directory = try organisation.directory()
      func path(_ account: TestAccount) -> String { "\(directory)/\(account.key).jwt" }
      // Pushed at the resolver it would be heard by all.
      try accounts[2].token().write(to: path(accounts[2]))
      let twins = try await Twins(version, organisation: organisation, resolver: .full(directory: directory))
      for (account, claims) in zip(accounts, twins.both) { try await claims.store(account.token(), of: account) }
      for account in accounts {
        try await twins.serve(account.token(), of: account.key)
        try await eventually("the resolver keeps the token") {
          FileManager.default.contents(atPath: path(account)).map { Array($0) } == (try account.token().bytes)
        }
      }
      let listener = try await twins.listener()
      #expect(try await listener.questions(during: 8) == 0)
      // Whichever of the three is asked.
      let client = try await Auditor(twins.server, organisation).client
      let hash = packHash(of: try accounts.map { try $0.token() } + [organisation.systemToken])
      for _ in 0..<8 { #expect(try await client.pack(hash: hash) == [""]) }
    }

    @Test("send one pack to whoever asks for it: one of them does", arguments: NATSServerVersion.allCases)
    func packs(_ version: NATSServerVersion) async throws {
      let twins = try await Twins(version)
      let accounts = try (0..<2).map { _ in try TestAccount(of: twins.organisation) }
      for account in accounts {
        try await twins.first.store(account.token(), of: account)
        try await twins.serve(account.token(), of: account.key)
      }
      let system = "\(twins.organisation.systemAccount)|\(twins.organisation.systemToken.text)"
      let whole = try (accounts.map { "\($0.key)|\(try $0.token().text)" } + [system]).sorted()
      let client = try await Auditor(twins.server, twins.organisation).client
      for _ in 0..<6 {
        let pack = try await client.pack()
        #expect(pack.last == "")
        #expect(pack.dropLast().sorted() == whole, "and says once that it is all")
      }
    }

    @Test(
      "that both have the operator's key do not undo a deletion with each other's closing claims", arguments: NATSServerVersion.allCases)
    func closing(_ version: NATSServerVersion) async throws {
      let twins = try await Twins(version, hasKeys: true)
      let account = try TestAccount(of: twins.organisation)
      try await twins.first.store(account.token(), of: account)
      try await twins.serve(account.token(), of: account.key)
      let client = try await NATSClient(twins.server, credentials: account.credentials())
      let listener = try await twins.listener()
      try await twins.delete(account.key, at: twins.first)
      for claims in twins.both {
        try await eventually("it is deleted") { try await claims.http.account(account.key).status == 404 }
      }
      try await eventually("the client is dropped") { try client.farewell != nil }
      #expect(try await listener.questions(during: 12) == 0)
      for claims in twins.both {
        #expect(try await claims.http.account(account.key).status == 404)
        #expect(try await claims.metric("nats_claims_contested_accounts") == 0)
      }
    }

    @Test("have nothing to say to each other about claims that are over", arguments: NATSServerVersion.allCases)
    func expiry(_ version: NATSServerVersion) async throws {
      let twins = try await Twins(version)
      _ = try await twins.second.stop()
      let brief = try TestAccount(of: twins.organisation)
      try await twins.first.store(brief.token { $0.common.exp = Organisation.now + 2 }, of: brief)
      try await eventually("the claims are over") {
        try await twins.first.http.get(HTTPClient.path(brief.key) + "?check=true").status == 404
      }
      let second = try await ServerUnderTest(twins.second.options)
      try await second.isConnected()
      let lasting = try TestAccount(of: twins.organisation)
      try await second.store(lasting.token(), of: lasting)
      try await eventually("the rest is shared") { try await twins.first.http.account(lasting.key).status == 200 }
      let listener = try await twins.listener()
      #expect(try await listener.questions(during: 12) == 0)
    }

    @Test("share nothing of an operator that one of them does not trust, and do not go on about it", arguments: NATSServerVersion.allCases)
    func foreigner(_ version: NATSServerVersion) async throws {
      let foreigner = try Organisation()
      let twins = try await Twins(version, foreigner: foreigner)
      let listener = try await twins.listener()
      let foreign = try TestAccount(of: foreigner)
      try await twins.second.store(foreign.token(), of: foreign)
      let own = try TestAccount(of: twins.organisation)
      try await twins.first.store(own.token(), of: own)
      try await twins.serve(own.token(), of: own.key)
      try await eventually("they tell each other often") { try listener.beacons >= 30 }
      #expect(try await twins.first.http.account(foreign.key).status == 404)
      #expect(try await twins.second.http.account(foreign.key).body == foreign.token().bytes)
      #expect(try listener.questions <= 8, "the pauses between questions that bring nothing grow")
      // Whoever does not take it says so; the other one, which was asked for it, lacks nothing.
      let told = try await twins.first.warnings("disagreements")
      let start = "\(foreign.key) is another at the server of ours with the id N"
      #expect(told.count == 1 && told.first?.hasPrefix(start) == true && told.first?.contains("untrusted issuer") == true, "\(told)")
      #expect(try await twins.second.warnings("disagreements").isEmpty)
      #expect(try await twins.first.http.get("/readyz").status == 200, "it is a warning, and no more")
    }
  }
}
