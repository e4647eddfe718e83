import Claims
import ClaimsTestSupport
import TestSupport
import Testing

extension SystemTests {
  @Suite("the document of the JSON for programs")
  struct APIDocumentTests {
    /// A key's checksum is beyond a schema: what it calls valid may be refused.
    private static let questions = (method: "GET", excluded: "positive_data_acceptance", count: 9)
    /// So is a signature; and a body that is no token is no mistake where it is asked what a push would do, or whether it is one.
    private static let changes = (method: "POST", excluded: "positive_data_acceptance,negative_data_rejection", count: 2)

    @Test("is what the running server does: schemathesis finds no answer that it does not describe", arguments: [questions, changes])
    func schemathesis(_ part: (method: String, excluded: String, count: Int)) async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      for second in Int64(0)..<3 { try await claims.store(account.token(second), of: account) }
      let result = try await Command(
        tool: .schemathesis,
        arguments: [
          "run", "http://127.0.0.1:\(claims.port)/api/openapi.json", "--checks", "all", "--exclude-checks", part.excluded,
          "--include-method", part.method, "--max-examples", "40", "--seed", "1", "--generation-database", "none", "--no-color",
        ], folder: try Stage.required.newFolder("schemathesis")
      ).run()
      #expect(result.succeeded, "\(result.output)\(result.errors)")
      #expect(result.output.contains("Tested: \(part.count)"), "\(result.output)")
      // Nothing that was tried changed anything.
      #expect(try await claims.metric("nats_claims_accounts") == 2)
      #expect(try await claims.http.account(account.key).body == account.token(2).bytes)
    }
  }
}
