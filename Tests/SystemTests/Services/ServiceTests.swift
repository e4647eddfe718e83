import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import Testing

extension SystemTests {
  @Suite("a request of a client of the system account")
  struct ServiceTests {
    private func lookup(_ account: AccountKey) -> String { "$SYS.REQ.ACCOUNT.\(account).CLAIMS.LOOKUP" }

    private func deleteClaim(_ accounts: [AccountKey], of organisation: Organisation, at iat: Int64 = Organisation.now) throws -> Token {
      let signer = organisation.authority.signing
      var claims = GenericClaims(subject: KeyReference(signer.publicKey))
      claims.data = ClaimsMap([("accounts", .array(accounts.map { .string($0.text) }))])
      return try claims.signed(by: signer, at: iat)
    }

    @Test("for an account gets its token and nothing else; what is unknown or over gets silence", arguments: NATSServerVersion.allCases)
    func lookups(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1)
      let client = try await Auditor(cluster.servers[0], cluster.organisation).client
      let account = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(account.token(), of: account)
      #expect(try await client.gather(from: lookup(account.key), quiet: 1) == [account.token().text])
      let brief = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(brief.token { $0.common.exp = Organisation.now + 2 }, of: brief)
      try await eventually("its claims are over") {
        try await cluster.claims.http.get(HTTPClient.path(brief.key) + "?check=true").status == 404
      }
      for unknown in [try TestAccount(of: cluster.organisation).key.text, brief.key.text, "not-a-key"] {
        #expect(try await client.gather(from: "$SYS.REQ.ACCOUNT.\(unknown).CLAIMS.LOOKUP", quiet: 0.5) == [])
      }
      let servers = try await cluster.claims.http.get("/api/v1/servers").text
      #expect(servers.contains("unknown_accounts\":[{"), "\(servers)")
    }

    @Test("for an unknown account is told so where this is the only authority", arguments: NATSServerVersion.allCases)
    func onlyAuthority(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1, environment: ["NATS_CLAIMS_NATS_ONLYAUTHORITY": "true"])
      let client = try await Auditor(cluster.servers[0], cluster.organisation).client
      #expect(try await client.gather(from: lookup(TestAccount(of: cluster.organisation).key)) == [""])
    }

    @Test("to update claims is judged like a push over HTTP", arguments: NATSServerVersion.allCases)
    func updates(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1)
      let client = try await Auditor(cluster.servers[0], cluster.organisation).client
      let watcher = try await Watcher(cluster.servers[0], cluster.organisation)
      let account = try TestAccount(of: cluster.organisation)
      func answer(_ token: String, to subject: String = "$SYS.REQ.CLAIMS.UPDATE") async throws -> JSONValue {
        let answers = try await client.gather(token, from: subject, quiet: 2).map { try JSONReader().read(Array($0.utf8)) }
        return try #require(answers.first { $0["server"]?["product"]?.text == "nats-claims" })
      }
      let taken = try await answer(account.token(1).text)
      #expect(taken["server"]?["name"]?.text == "nats-claims")
      #expect(taken["data"]?["message"]?.text == "jwt updated")
      #expect(taken["data"]?["account"]?.text == account.key.text)
      try await watcher.hears(account.token(1), of: account.key)
      #expect(try await cluster.claims.http.get(HTTPClient.path(account.key)).text == account.token(1).text)
      let subjects = ["$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE", "$SYS.REQ.ACCOUNT.\(account.key).CLAIMS.UPDATE"]
      for subject in subjects {
        #expect(try await answer(account.token(1).text, to: subject)["data"]?["message"]?.text == "jwt updated")
      }
      for (subject, second) in zip(subjects, [Int64(2), 3]) {
        let taken = try await answer(account.token(second).text, to: subject)["data"]
        #expect(taken?["code"]?.integer == 200 && taken?["account"]?.text == account.key.text, "\(subject): \(taken?.jsonText ?? "")")
        #expect(taken?["message"]?.text == "jwt updated")
        #expect(try await cluster.claims.http.get(HTTPClient.path(account.key)).text == account.token(second).text)
      }
      let foreign = try TestAuthority().account(account.key, iat: Organisation.now)
      let other = try TestAccount(of: cluster.organisation)
      let refusals = try [
        (account.token(1).text, "$SYS.REQ.CLAIMS.UPDATE", "resulted in error - "),
        (foreign.text, "$SYS.REQ.CLAIMS.UPDATE", "untrusted issuer"),
        ("not a token", "$SYS.REQ.CLAIMS.UPDATE", "expected 3 chunks"),
        (try other.token().text, "$SYS.REQ.ACCOUNT.\(account.key).CLAIMS.UPDATE", "subject does not match jwt content"),
        ("", "$SYS.REQ.ACCOUNT.\(account.key).CLAIMS.UPDATE", "jwt update error - request body is empty"),
      ]
      for (token, subject, text) in refusals {
        let refused = try await answer(token, to: subject)
        #expect(refused["error"]?["code"]?.integer == 500)
        #expect(refused["error"]?["description"]?.text?.contains(text) == true, "\(refused.jsonText)")
      }
      #expect(try await cluster.claims.http.get(HTTPClient.path(account.key)).text == account.token(3).text)
    }

    @Test("to list, pack and delete is answered as nsc expects it", arguments: NATSServerVersion.allCases)
    func packs(_ version: NATSServerVersion) async throws {
      let cluster = try await Cluster(version, count: 1)
      let client = try await Auditor(cluster.servers[0], cluster.organisation).client
      let accounts = try (0..<3).map { _ in try TestAccount(of: cluster.organisation) }
      for account in accounts { try await cluster.claims.store(account.token(), of: account) }
      let brief = try TestAccount(of: cluster.organisation)
      try await cluster.claims.store(brief.token { $0.common.exp = Organisation.now + 2 }, of: brief)
      try await eventually("its claims are over") {
        try await cluster.claims.http.get(HTTPClient.path(brief.key) + "?check=true").status == 404
      }
      let keys = (accounts.map(\.key) + [cluster.organisation.systemAccount]).map(\.text).sorted()
      let listed = try JSONReader().read(Array(try await client.gather(from: "$SYS.REQ.CLAIMS.LIST", quiet: 1).first?.utf8 ?? "".utf8))
      #expect(listed["data"]?.elements?.compactMap(\.text).sorted() == keys)
      #expect(listed["server"]?["name"]?.text == "nats-claims")
      let pack = try await client.gather(from: "$SYS.REQ.CLAIMS.PACK")
      let system = "\(cluster.organisation.systemAccount)|\(cluster.organisation.systemToken.text)"
      let tokens = try accounts.map { "\($0.key)|\(try $0.token().text)" } + [system]
      #expect(pack.last == "")
      #expect(pack.dropLast().sorted() == tokens.sorted())
      let hash = packHash(of: try accounts.map { try $0.token() } + [cluster.organisation.systemToken])
      #expect(try await client.gather(hex: hash, from: "$SYS.REQ.CLAIMS.PACK") == [""])
      let claim = try deleteClaim([accounts[0].key], of: cluster.organisation)
      #expect(try await client.gather(claim.text, from: "$SYS.REQ.CLAIMS.DELETE", quiet: 1).first?.contains("deleted 1 accounts") == true)
      #expect(try await cluster.claims.http.get(HTTPClient.path(accounts[0].key)).status == 404)
      #expect(try await client.gather(claim.text, from: "$SYS.REQ.CLAIMS.DELETE", quiet: 1).first?.contains("already deleted") == true)
      let forbidden = try deleteClaim([cluster.organisation.systemAccount], of: cluster.organisation)
      #expect(
        try await client.gather(forbidden.text, from: "$SYS.REQ.CLAIMS.DELETE", quiet: 1).first?
          .contains("failed - not allowed to delete system account") == true)
      let unknown = try deleteClaim([TestAccount(of: cluster.organisation).key], of: cluster.organisation)
      #expect(try await client.gather(unknown.text, from: "$SYS.REQ.CLAIMS.DELETE", quiet: 1).first?.contains("deleted 1 accounts") == true)
    }
  }
}
