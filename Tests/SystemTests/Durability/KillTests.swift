import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension SystemTests {
  @Suite("a server that is killed")
  struct KillTests {
    @Test("starts again at once, with the same claims")
    func startsAgain() async throws {
      let organisation = try Organisation()
      let port = try ReservedPort()
      var options = try ServerUnderTest.Options(organisation)
      options.reserved = port
      let account = try TestAccount(of: organisation)
      for second in Int64(0)..<5 {
        let claims = try await ServerUnderTest(options)
        try await claims.store(account.token(second), of: account)
        try await claims.kill()
      }
      let claims = try await ServerUnderTest(options)
      #expect(try await claims.http.account(account.key).body == account.token(4).bytes)
    }

    @Test("brings the .jwt files up to the log at its next start")
    func filesCatchUp() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      var claims = try await ServerUnderTest(options)
      let accounts = try (0..<40).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try await claims.store(account.token(), of: account) }
      try await claims.kill()
      claims = try await ServerUnderTest(options)
      for account in accounts {
        let token = try account.token()
        try await eventually("the file of \(account.key)") { claims.file(of: account.key) == token.bytes }
      }
      try await eventually("no file is behind") { try await claims.metric("nats_claims_directory_lag_records") == 0 }
    }

    @Test("leaves no half-written file beside the claims")
    func nothingHalfWritten() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let account = try TestAccount(of: organisation)
      for second in Int64(0)..<10 {
        let claims = try await ServerUnderTest(options)
        for name in 0..<3 { try await claims.store(account.token(second, name: "\(name)"), of: account) }
        try await claims.kill()
        if let bytes = claims.file(of: account.key) { #expect(throws: Never.self) { try VerifiedClaims.decode(Token(bytes)) } }
      }
      let claims = try await ServerUnderTest(options)
      #expect(try await claims.stop() == .exited(0))
      let names = try FileManager.default.contentsOfDirectory(atPath: options.directory ?? "")
      #expect(Set(names) == [".nats-claims", "\(account.key).jwt", "\(organisation.systemAccount).jwt"])
    }
  }
}
