import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("metrics")
  struct MetricsTests {
    @Test("pass promtool, when nothing happened yet and when much did")
    func promtool() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      for _ in 0..<2 {
        let text = try await claims.http.get("/metrics").text
        let result = try await Command(tool: .promtool, arguments: ["check", "metrics"], input: text).run()
        #expect(result.succeeded && result.output.isEmpty && result.errors.isEmpty, "\(result.output)\(result.errors)")
        let account = try TestAccount(of: organisation)
        try await claims.store(account.token(), of: account)
        _ = try await claims.http.account(account.key)
        _ = try await claims.http.push(try TestAccount(of: Organisation()).token(), to: account.key)
        let deletion = try organisation.authority.deletion(of: [account.key], iat: Organisation.now)
        #expect(try await claims.http.send("DELETE", HTTPClient.path(account.key), body: deletion.bytes).status == 200)
      }
    }
  }
}
