import Claims
import ClaimsTestSupport
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("accounts of a managed operator")
  struct SigningTests {
    private static func own(_ account: TestAccount, of organisation: Organisation, _ second: Int64 = 0) throws -> Token {
      try organisation.authority.account(account.key, name: "own \(second)", iat: account.iat(second), signer: account.pair)
    }

    @Test("are signed here with the operator's key, and a nats-server lets their clients in", arguments: NATSServerVersion.allCases)
    func signedHere(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let port = try ReservedPort()
      let server = try NATSServer(version, organisation, resolver: .url(port: port.number))
      var options = try ServerUnderTest.Options(organisation)
      options.reserved = port
      options.extra = ["--keys", try organisation.keyStore()]
      options.environment = ["NATS_CLAIMS_SIGNING": "local"]
      let claims = try await ServerUnderTest(options)
      #expect(claims.log.contains("pushes are open"))
      try await server.start()
      let account = try TestAccount(of: organisation)
      try await claims.store(Self.own(account, of: organisation), of: account)
      let client = try await NATSClient(server, credentials: account.credentials())
      try await client.close()
      #expect(claims.log.contains("signed on the way"))
      #expect(!claims.log.contains("claims refused"))
    }

    @Test("are sent to a signing service on their way, and wait where it says so")
    func service() async throws {
      let organisation = try Organisation()
      let server = try NATSServer(.newest, organisation, resolver: .memory([(organisation.systemAccount, organisation.systemToken)]))
      try await server.start()
      var options = try ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials())
      options.environment = ["NATS_CLAIMS_SIGNREQUESTSUBJECT": "sign.accounts", "NATS_CLAIMS_SIGNREQUESTTIMEOUT": "20s"]
      let claims = try await ServerUnderTest(options)
      try await claims.isConnected()
      let account = try TestAccount(of: organisation)
      let nobody = try await claims.http.push(try Self.own(account, of: organisation), to: account.key)
      #expect(nobody.status == 503 && nobody.text.contains("no signing service listens on sign.accounts"), "\(nobody.text)")
      let waiting = try await NATSClient(server, credentials: organisation.systemCredentials())
      try await waiting.reply("waiting for approval", to: "sign.accounts")
      let own = try Self.own(account, of: organisation, 1)
      let pending = try await claims.http.push(own, to: account.key)
      #expect(pending.status == 202 && pending.text == "waiting for approval\n")
      #expect(try await claims.http.account(account.key).status == 404)
      try await waiting.close()
      let signing = try await NATSClient(server, credentials: organisation.systemCredentials())
      let signed = try account.token(1)
      try await signing.reply(signed.text, to: "sign.accounts")
      try await claims.store(own, of: account)
      #expect(try signing.messages.map(\.text) == [own.text])
      #expect(try await claims.http.account(account.key).body == signed.bytes)
    }

    @Test("need a configuration that says one thing")
    func configuration() async throws {
      let organisation = try Organisation()
      let common = ["serve", "--check-config", "-operator", organisation.operatorFile]
      for (arguments, lines, problem) in [
        (["-nats", "nats://127.0.0.1:1"], "signing: local, signrequestsubject: a", "name one"),
        ([], "signrequestsubject: a", "name nats.servers too"),
        (["-nats", "nats://127.0.0.1:1"], "signrequestsubject: 'a.>'", "is no subject"),
      ] {
        let file = try Stage.required.file("claims.conf", lines)
        let result = try await Command(tool: .claims, arguments: common + ["-c", file] + arguments).run()
        #expect(result.ending == .exited(1) && result.errors.contains(problem), "\(result.errors)")
      }
    }
  }
}
