import Claims
import ClaimsTestSupport
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("a signing key that was taken out of the operator's file")
  struct RemovedKeyTests {
    @Test(
      "signs nothing any more, without a restart; what it signed is flagged and served on",
      arguments: OperatorFile.Change.allCases)
    func isRefused(_ change: OperatorFile.Change) async throws {
      let organisation = try Organisation()
      let file = try OperatorFile(organisation.authority.token, change)
      var options = try ServerUnderTest.Options(organisation)
      options.operatorFiles = [file.path]
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      let signing = organisation.authority.signing.publicKey.text
      try await claims.store(account.token(0), of: account)
      #expect(try await claims.warnings("untrusted_claims").isEmpty)
      #expect(try await claims.metric("nats_claims_untrusted_accounts") == 0)

      // Pushes go on all the while: they are accepted, and from one on all are refused.
      let renewed = try organisation.authority.withoutSigningKey()
      try file.write(renewed)
      let deadline = ContinuousClock.now + .seconds(15)
      var accepted = try account.token(0)
      var refusals = 0
      for second in Int64(1)... {
        let token = try account.token(second)
        let answer = try await claims.http.push(token, to: account.key)
        if answer.status == 200 {
          #expect(refusals == 0)
          accepted = token
        } else {
          refusals += 1
          #expect(answer.status == 400 && answer.text.hasPrefix("untrusted issuer in request: \(signing)"), "\(answer.text)")
        }
        #expect(try await claims.http.account(account.key).body == accepted.bytes)
        if refusals == 20 { break }
        guard refusals > 0 || .now < deadline else {
          Issue.record("the key is still accepted")
          return
        }
        // The pace: each token is a second newer than the one before, and the clock allows some hundreds.
        try await Task.sleep(for: .milliseconds(50))
      }

      let flagged = try await claims.warnings("untrusted_claims")
      #expect(flagged.contains { $0.contains(account.key.text) && $0.contains(signing) }, "\(flagged)")
      // The system account's claims are the key's too.
      #expect(try await claims.metric("nats_claims_untrusted_accounts") == 2)
      #expect(claims.logLines.contains { $0.contains("keys are no longer trusted") && $0.contains("accounts=2") && $0.contains(signing) })
      #expect(try await claims.http.get("/jwt/v1/operator").body == renewed.bytes)
      #expect(try await claims.http.account(account.key).body == accepted.bytes)

      let signed = try organisation.authority.account(account.key, iat: account.iat(398), signer: organisation.authority.identity)
      #expect(try await claims.http.push(signed, to: account.key).status == 200)
      try await eventually("the account is not flagged any more") { try await claims.metric("nats_claims_untrusted_accounts") == 1 }
    }

    @Test("does not come back with an older token: not while the server runs, and not by a restart on a restored file")
    func olderToken() async throws {
      let organisation = try Organisation()
      let authority = organisation.authority
      let file = try OperatorFile(authority.token, .renamed)
      var options = try ServerUnderTest.Options(organisation)
      options.operatorFiles = [file.path]
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      let key = authority.identity.publicKey.text
      let renewed = try authority.withoutSigningKey()
      try file.write(renewed)
      try await eventually("the new token is in force") { try await claims.operatorToken(key) == renewed.bytes }

      try file.write(authority.token)
      try await eventually("the older token is named") {
        try await claims.warnings("operator_files").contains { $0.contains(file.path) && $0.contains("holds an older token") }
      }
      #expect(claims.logLines.contains { $0.contains("an operator's file is not followed") && $0.contains(file.path) })
      #expect(try await claims.operatorToken(key) == renewed.bytes)
      #expect(try await claims.http.push(account.token(1), to: account.key).status == 400)

      // Killed, so that nothing but what was noted when the token was taken tells of it.
      try await claims.kill()
      let again = try await ServerUnderTest(options)
      #expect(try await again.operatorToken(key) == renewed.bytes)
      #expect(try await again.warnings("operator_files").contains { $0.contains("holds an older token") })
      #expect(try await again.http.push(account.token(1), to: account.key).status == 400)
      let signed = try authority.account(account.key, iat: account.iat(2), signer: authority.identity)
      #expect(try await again.http.push(signed, to: account.key).status == 200)

      // Nor beside the stopped server, whose store knows better than the file that a command names.
      #expect(try await again.stop() == .exited(0))
      let older = try Stage.required.file("older.jwt", account.token(1).text)
      let accepting = try await Command.claims(
        "accept-older", older, "-dir", options.directory ?? "", "-operator", file.path)
      #expect(!accepting.succeeded && accepting.errors.contains("untrusted issuer"), "\(accepting.errors)")

      let last = try await ServerUnderTest(options)
      try file.write(try authority.renewed(after: 20))
      try await eventually("a newer token is in force") { try await last.http.push(account.token(3), to: account.key).status == 200 }
      #expect(try await last.warnings("operator_files").isEmpty)
    }
  }
}
