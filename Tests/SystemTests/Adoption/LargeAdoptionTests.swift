import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("the way from another tool and back")
  struct LargeAdoptionTests {
    @Test("5,000 adopted files are announced by nobody, one push afterwards once")
    func announcesNothing() async throws {
      let organisation = try Organisation()
      let server = try NATSServer(
        .newest, organisation, resolver: .memory([(organisation.systemAccount, organisation.systemToken)]))
      try await server.start()
      let options = try ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials())
      let directory = try #require(options.directory)
      let accounts = try (0..<5000).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try Data(account.token().bytes).write(to: URL(filePath: "\(directory)/\(account.key).jwt")) }

      let watcher = try await Watcher(server, organisation)
      let claims = try await ServerUnderTest(options)
      #expect(try await claims.metric("nats_claims_accounts") == 5001)
      try await claims.isConnected()
      let last = accounts[4999]
      #expect(try await claims.http.account(last.key).body == last.token().bytes)
      let pushed = try accounts[7].token(1)
      try await claims.store(pushed, of: accounts[7])
      try await watcher.hears(pushed, of: accounts[7].key)
      // Announcements keep their order: what was to be announced of the adoption would have been heard before.
      #expect(try watcher.count == 1)
      try await eventually("the announcement is counted") {
        try await claims.metric(#"nats_claims_announcements_total{result="published"}"#) == 1
      }
    }

    @Test("a full resolver starts on the directory that a stop leaves and has every account; we start on it again and announce nothing")
    func wayBack() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let directory = try #require(options.directory)
      var claims = try await ServerUnderTest(options)
      let accounts = try (0..<20).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try await claims.store(account.token(), of: account) }
      let deleted = accounts[19]
      let claim = try organisation.authority.deletion(of: [deleted.key], iat: Organisation.now)
      #expect(try await claims.http.send("DELETE", HTTPClient.path(deleted.key), body: claim.bytes).status == 200)
      #expect(try await claims.stop() == .exited(0))

      let resolver = try NATSServer(.debian, organisation, resolver: .full(directory: directory))
      try await resolver.start()
      let system = try await NATSClient(resolver, credentials: organisation.systemCredentials())
      for account in accounts.dropLast() {
        let token = try await system.request("", to: "$SYS.REQ.ACCOUNT.\(account.key).CLAIMS.LOOKUP")
        #expect(try token == account.token().text)
        #expect(try await NATSClient.refusal(by: resolver, credentials: account.credentials()) == nil)
      }
      #expect(try await NATSClient.refusal(by: resolver, credentials: deleted.credentials()) != nil)
      try await system.close()
      try await resolver.kill()

      let server = try NATSServer(
        .newest, organisation, resolver: .memory([(organisation.systemAccount, organisation.systemToken)]))
      try await server.start()
      let watcher = try await Watcher(server, organisation)
      claims = try await ServerUnderTest(options.announcing(to: server, as: organisation.systemCredentials()))
      try await claims.isConnected()
      // What was pushed before NATS was there is announced once; what the other tool left as it was is not announced again.
      try await eventually("every push is announced") { try watcher.count == 19 }
      #expect(try await claims.stop() == .exited(0))
      claims = try await ServerUnderTest(options.announcing(to: server, as: organisation.systemCredentials()))
      try await claims.isConnected()
      let probe = try accounts[0].token(5)
      try await claims.store(probe, of: accounts[0])
      try await watcher.hears(probe, of: accounts[0].key)
      #expect(try watcher.count == 20)
    }

    @Test("doctor judges a configuration of the peer beforehand, and changes nothing")
    func doctorOfConfiguration() async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      let before = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
      let text = """
        operatorjwtpath: '\(organisation.operatorFile)'
        signrequestsubject: sign.me
        store { dir: '\(directory)', cleanupinterval: 0, readonly: false, shrad: true }
        nats { servers: 'nats://localhost:4222', maxreconnects: 5, reconnectwait: 1000 }
        """
      let file = try Stage.required.file("nas.conf", text)
      let result = try await Command.claims("doctor", directory, "--config", file)
      #expect(result.succeeded, "\(result.errors)")
      for part in [
        "1 accounts would be served", "keys that mean something else:\n  \(file):2:1: 'signrequestsubject'", "\(file):3:",
        "'store.readonly': it works",
        "keys that are no longer needed:", "'store.cleanupinterval' is not needed", "'nats.maxreconnects' is not needed",
        "\(file):2:1: 'signrequestsubject'", "did you mean 'store.shard'?", "409",
        "asked over NATS first",
      ] {
        #expect(result.output.contains(part), "\(part): \(result.output)")
      }
      #expect(!result.errors.contains("nothing is said of who signed"))
      let json = try await Command.claims("doctor", "--json", directory, "--config", file)
      let report = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let configuration = try #require(report["configuration"] as? [String: Any])
      #expect((configuration["remarks"] as? [[String: Any]])?.count == 6)
      let bad = try Stage.required.file("bad.conf", "store { nsc: '/x' }")
      let refused = try await Command.claims("doctor", directory, "--config", bad)
      #expect(
        refused.ending == .exited(1) && refused.errors.contains("would not start") && refused.errors.contains(":1:9:"), "\(refused.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == before)
    }

    @Test("doctor says beforehand what would be served and what not, and changes nothing")
    func doctor() async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      let good = try TestAccount(of: organisation)
      let expired = try TestAccount(of: organisation)
      let foreign = try TestAccount(of: Organisation())
      try Data(good.token().bytes).write(to: URL(filePath: "\(directory)/\(good.key).jwt"))
      try Data((try expired.token { $0.common.exp = 1000 }.text + "\n").utf8).write(to: URL(filePath: "\(directory)/\(expired.key).jwt"))
      try Data(foreign.token().bytes).write(to: URL(filePath: "\(directory)/\(foreign.key).jwt"))
      try Data("garbage".utf8).write(to: URL(filePath: "\(directory)/garbage.jwt"))
      let before = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()

      let text = try await Command.claims("doctor", directory, "-operator", organisation.operatorFile)
      #expect(text.ending == .exited(1))
      for word in ["3 accounts would be served", "expired since", "line feed", "garbage.jwt", foreign.key.text] {
        #expect(text.output.contains(word), "\(word): \(text.output)")
      }
      let json = try await Command.claims("doctor", "--json", directory, "-operator", organisation.operatorFile)
      let report = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(report["accounts"] as? Int == 3)
      #expect((report["withheld"] as? [Any])?.count == 2)
      #expect((report["served_as_found"] as? [Any])?.count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == before)
    }
  }
}
