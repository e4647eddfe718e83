import Claims
import ClaimsTestSupport
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("a server of several operators")
  struct SeveralOperatorsTests {
    @Test("keeps an account with the operator of its first token: no push and no delete claim of another takes it over")
    func ownership() async throws {
      let first = try Organisation()
      let second = try Organisation()
      var options = try ServerUnderTest.Options(first)
      options.operatorFiles.append(second.operatorFile)
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: first)
      let path = HTTPClient.path(account.key)
      try await claims.store(account.token(1), of: account)

      let foreign = try second.authority.account(account.key, iat: account.iat(10))
      let foreignDeletion = try second.authority.deletion(of: [account.key], iat: account.iat(11))
      func refused() async throws {
        let push = try await claims.http.push(foreign, to: account.key)
        #expect(push.status == 409 && push.text.contains("nats-claims transfer \(account.key) --to \(second.authority.identity)"))
        let deletion = try await claims.http.send("DELETE", path, body: foreignDeletion.bytes)
        #expect(deletion.status == 409 && deletion.text.contains("foreign operator"), "\(deletion.text)")
      }
      try await refused()
      #expect(try await claims.http.account(account.key).body == account.token(1).bytes)

      // Deleted, it is still its operator's; also for a server that started anew.
      let deletion = try first.authority.deletion(of: [account.key], iat: account.iat(5))
      #expect(try await claims.http.send("DELETE", path, body: deletion.bytes).status == 200)
      try await refused()
      #expect(try await claims.stop() == .exited(0))
      let again = try await ServerUnderTest(options)
      #expect(try await again.http.push(foreign, to: account.key).status == 409)
      #expect(try await again.http.account(account.key).status == 404)
      #expect(try await again.http.push(account.token(6), to: account.key).status == 200)

      // And when its operator is not trusted any more.
      #expect(try await again.stop() == .exited(0))
      options.operatorFiles = [second.operatorFile]
      let alone = try await ServerUnderTest(options)
      #expect(try await alone.http.push(foreign, to: account.key).status == 409)
      #expect(try await alone.http.account(account.key).body == account.token(6).bytes)
      #expect(try await alone.metric("nats_claims_untrusted_accounts") == 2)
    }

    @Test("serves each operator's token by its key, and the first one's without")
    func tokens() async throws {
      let first = try Organisation()
      let second = try Organisation()
      var options = try ServerUnderTest.Options(first)
      options.operatorFiles.append(second.operatorFile)
      let claims = try await ServerUnderTest(options)
      for organisation in [first, second] {
        let key = organisation.authority.identity.publicKey.text
        #expect(try await claims.operatorToken(key) == organisation.authority.token.bytes)
      }
      #expect(try await claims.http.get("/jwt/v1/operator").body == first.authority.token.bytes)
      #expect(try await claims.http.get("/jwt/v1/operators/\(try Organisation().authority.identity)").status == 404)
    }

    @Test("does not start with two files of the same operator: which one counts could not be told")
    func twice() async throws {
      let organisation = try Organisation()
      var options = try ServerUnderTest.Options(organisation)
      options.operatorFiles.append(try Stage.required.file("newer.jwt", organisation.authority.renewed().text))
      let process = try ServerUnderTest.launch(options)
      #expect(try await process.wait() == .exited(1))
      #expect(process.errors.contains("hold tokens of the same operator, \(organisation.authority.identity)"), "\(process.errors)")
    }
  }
}
