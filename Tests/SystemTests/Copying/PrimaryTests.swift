import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("What a configuration brings into the store")
  struct StartingTokensTests {
    @Test("a primary's accounts are copied at the start, what is newer here stays, and announced is nothing of it")
    func primary() async throws {
      let organisation = try Organisation()
      let primary = try await ServerUnderTest(organisation)
      let accounts = try (0..<20).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try await primary.store(account.token(1), of: account) }
      let directory = try organisation.directory()
      let newer = try accounts[0].token(2)
      try Data(newer.bytes).write(to: URL(filePath: "\(directory)/\(accounts[0].key).jwt"))
      var options = try ServerUnderTest.Options(organisation, directory: directory)
      options.extra = ["-primary", "http://127.0.0.1:\(primary.port)"]
      let replica = try await ServerUnderTest(options)
      for account in accounts.dropFirst() {
        #expect(try await replica.http.account(account.key).body == account.token(1).bytes)
      }
      #expect(try await replica.http.account(accounts[0].key).body == newer.bytes)
      #expect(replica.log.contains("taken=19"), "\(replica.log)")
      // A later start finds what the primary has got since.
      try await primary.store(accounts[1].token(3), of: accounts[1])
      #expect(try await replica.stop() == .exited(0))
      let again = try await ServerUnderTest(options)
      #expect(try await again.http.account(accounts[1].key).body == accounts[1].token(3).bytes)
      #expect(again.log.contains("renewed=1"), "\(again.log)")
    }

    @Test("a primary that is away, or answers with something else, holds nobody up", arguments: ["http://127.0.0.1:9", "other"])
    func absent(_ url: String) async throws {
      let organisation = try Organisation()
      var options = try ServerUnderTest.Options(organisation)
      let other = try await ServerUnderTest(organisation)
      options.extra = ["-primary", url == "other" ? "http://127.0.0.1:\(other.port)/healthz" : url]
      let claims = try await ServerUnderTest(options)
      #expect(try await claims.http.get("/readyz").status == 200)
      #expect(claims.log.contains("the primary's accounts cannot be copied"), "\(claims.log)")
    }

    @Test("a primary that begins to answer and hangs holds nobody up")
    func hanging() async throws {
      let script = """
        import socket, time
        server = socket.create_server(("127.0.0.1", 0))
        print(server.getsockname()[1], flush=True)
        client, _ = server.accept()
        client.recv(4096)
        client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 1000\\r\\n\\r\\nA")
        time.sleep(600)
        """
      let primary = try ChildProcess(.init(executable: try Tool.python.path, arguments: ["-c", script]))
      var port: Int?
      try await eventually("the primary listens") {
        port = Int(primary.output.trimmingCharacters(in: .whitespacesAndNewlines))
        return port != nil
      }
      var options = try ServerUnderTest.Options(Organisation())
      options.extra = ["-primary", "http://127.0.0.1:\(try #require(port))"]
      options.environment = ["NATS_CLAIMS_REPLICATIONTIMEOUT": "300"]
      let claims = try await ServerUnderTest(options)
      #expect(claims.log.contains("the primary's accounts cannot be copied"), "\(claims.log)")
    }

    @Test("the system account's token is served when the store has none, and never takes the place of one")
    func systemAccount() async throws {
      let organisation = try Organisation()
      let file = try Stage.required.file("system.jwt", organisation.systemToken.text + "\n")
      let directory = try Stage.required.newFolder("store")
      var options = try ServerUnderTest.Options(organisation, directory: directory)
      options.extra = ["-c", try Stage.required.file("a.conf", "SystemAccountJWTPath: '\(file)'")]
      let claims = try await ServerUnderTest(options)
      #expect(try await claims.http.account(organisation.systemAccount).body == organisation.systemToken.bytes)
      #expect(try await claims.stop() == .exited(0))
      let again = try await ServerUnderTest(options)
      #expect(!again.log.contains("is taken over from its file"))
      let wrong = try Stage.required.file("b.conf", "systemaccountjwtpath: '\(organisation.operatorFile)'")
      let result = try await Command.claims(
        "serve", "-hp", "127.0.0.1:0", "-c", wrong, "-operator", organisation.operatorFile, "-dir", try Stage.required.newFolder("other"))
      #expect(result.ending == .exited(1) && result.errors.contains("systemaccountjwtpath: "), "\(result.errors)")
    }

    @Test("the pack is as large as configured")
    func pack() async throws {
      let organisation = try Organisation()
      var options = try ServerUnderTest.Options(organisation)
      options.environment = ["NATS_CLAIMS_MAXREPLICATIONPACK": "2"]
      let claims = try await ServerUnderTest(options)
      for _ in 0..<3 {
        let account = try TestAccount(of: organisation)
        try await claims.store(account.token(), of: account)
      }
      #expect(try await claims.http.get("/jwt/v1/pack").text.split(separator: "\n").count == 2)
      #expect(try await claims.http.get("/jwt/v1/pack?max=3").status == 400)
      #expect(try await claims.http.get("/jwt/v1/pack?max=-1").text.split(separator: "\n").count == 4)
    }
  }
}
