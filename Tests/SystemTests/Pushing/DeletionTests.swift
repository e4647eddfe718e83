import Claims
import ClaimsTestSupport
import Foundation
import Testing

extension SystemTests {
  @Suite("a delete claim")
  struct DeletionTests {
    @Test("removes an account once, sets its file aside, and lets only newer claims come back")
    func deletion() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(1), of: account)
      try await eventually("the file is there") { claims.file(of: account.key) != nil }
      let claim = try organisation.authority.deletion(of: [account.key], iat: account.iat(5))
      let path = HTTPClient.path(account.key)
      #expect(try await claims.http.send("DELETE", path, body: claim.bytes).status == 200)
      #expect(try await claims.http.account(account.key).status == 404)
      try await eventually("the file is set aside") {
        claims.file(of: account.key) == nil
          && FileManager.default.fileExists(atPath: "\(claims.options.directory ?? "")/\(account.key).jwt.deleted")
      }
      #expect(try await claims.http.push(account.token(4), to: account.key).status == 409)
      #expect(try await claims.http.push(account.token(6), to: account.key).status == 200)
      let again = try await claims.http.send("DELETE", path, body: claim.bytes)
      #expect(again.status == 409, "\(again.text)")
      #expect(try await claims.http.account(account.key).body == account.token(6).bytes)
    }

    @Test("of a foreign operator, or about the system account, does nothing")
    func refused() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      let foreign = try Organisation().authority.deletion(of: [account.key], iat: Organisation.now)
      #expect(try await claims.http.send("DELETE", HTTPClient.path(account.key), body: foreign.bytes).status == 400)
      let system = organisation.systemAccount
      let ours = try organisation.authority.deletion(of: [system], iat: Organisation.now)
      #expect(try await claims.http.send("DELETE", HTTPClient.path(system), body: ours.bytes).status == 400)
      #expect(try await claims.http.account(account.key).status == 200)
      #expect(try await claims.http.account(system).status == 200)
    }
  }
}
