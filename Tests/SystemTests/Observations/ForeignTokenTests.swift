import Claims
import ClaimsTestSupport
import Foundation
import Testing

extension SystemTests.ObservationTests {
  @Suite("9: a full resolver that was given a foreign operator's token by a system user")
  struct ForeignTokenTests {
    @Test("is put right, and lets the account's users in after a restart", arguments: NATSServerVersion.allCases)
    func restart(_ version: NATSServerVersion) async throws {
      let organisation = try Organisation()
      let directory = try organisation.directory()
      let server = try NATSServer(version, organisation, resolver: .full(directory: directory))
      try await server.start()
      let claims = try await ServerUnderTest(
        ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials()))
      try await claims.isConnected()
      let account = try TestAccount(of: organisation)
      let token = try account.token()
      func file() -> [UInt8]? { FileManager.default.contents(atPath: "\(directory)/\(account.key).jwt").map { Array($0) } }
      try await claims.store(token, of: account)
      try await eventually("the resolver has it") { file() == token.bytes }
      let auditor = try await Auditor(server, organisation)
      let subjects = [
        "$SYS.REQ.CLAIMS.UPDATE", "$SYS.REQ.ACCOUNT.\(account.key).CLAIMS.UPDATE", "$SYS.ACCOUNT.\(account.key).CLAIMS.UPDATE",
      ]
      for (number, subject) in subjects.enumerated() {
        let foreign = try TestAuthority().account(account.key, iat: Organisation.now)
        let answers = try await auditor.client.gather(foreign.text, from: subject, quiet: 0.5)
        #expect(answers.contains { $0.contains("jwt updated") }, "the resolver takes it: \(answers)")
        try await eventually("it is put right") {
          try await claims.metric("nats_claims_repairs_total{result=\"announced\"}") ?? 0 > number && file() == token.bytes
        }
      }
      try await server.kill()
      try await server.start()
      #expect(try await NATSClient.refusal(by: server, credentials: account.credentials()) == nil)
    }
  }
}
