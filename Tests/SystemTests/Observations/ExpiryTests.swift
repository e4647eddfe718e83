import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Testing

extension SystemTests.ObservationTests {
  @Suite("8: a file that was removed by hand")
  struct ExpiryTests {
    @Test("keeps nobody's claims from ending in time: neither its own nor those of others")
    func removed() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let accounts = try (0..<3).map { _ in try TestAccount(of: organisation) }
      let end = Organisation.now + 3
      for (number, account) in accounts.enumerated() {
        try await claims.store(account.token { $0.common.exp = end + Int64(number) }, of: account)
      }
      try await eventually("the files are written") { claims.file(of: accounts[2].key) != nil && claims.file(of: accounts[0].key) != nil }
      unlink("\(claims.options.directory ?? "")/\(accounts[0].key).jwt")
      for account in accounts {
        try await eventually("its claims are over") {
          try await claims.http.get(HTTPClient.path(account.key) + "?check=true").status == 404
        }
      }
      let listed = try await claims.http.get("/api/v1/accounts?status=expired").text
      for account in accounts { #expect(listed.contains(account.key.text), "\(listed)") }
    }
  }
}
