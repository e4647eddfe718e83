import Claims
import ClaimsRegistry
import ClaimsTestSupport
import NIOHTTP1
import Nkeys
import Testing

@Suite("Claims that an account signed itself, over HTTP")
struct SigningTests {
  /// The ways of a push: on the event loop, and through the router.
  @Test("are signed and served, or wait with 202 and the service's words", arguments: ["", "?notify=true"])
  func answers(_ query: String) async throws {
    let pair = try KeyPair.generate(.account)
    let key = try AccountKey(pair.publicKey)
    try await LiveServer.run(signing: AccountSigning(isLocal: true)) { server in
      let token = try server.authority.account(key, signer: pair)
      let answer = try await server.send(.POST, "/jwt/v1/accounts/\(key)\(query)", body: token.text)
      #expect(answer.status == 200 && answer.body.isEmpty)
      let served = Token(try await server.send(.GET, "/jwt/v1/accounts/\(key)").body)
      #expect(try VerifiedClaims.decode(served).claims.common.iss == KeyReference(server.authority.signing.publicKey))
    }
    try await LiveServer.run { server in
      let token = try server.authority.account(key, signer: pair)
      server.registry.signing.attach(ScriptedSigning([.success(.pending("waiting for approval")), .success(.pending(""))]))
      let first = try await server.send(.POST, "/jwt/v1/accounts/\(key)\(query)", body: token.text)
      #expect(first.status == 202 && first.body == "waiting for approval\n")
      let second = try await server.send(.POST, "/jwt/v1/accounts/\(key)\(query)", body: token.text)
      #expect(second.status == 202 && second.body == "the claims wait to be signed\n")
      #expect(try await server.send(.GET, "/jwt/v1/accounts/\(key)").status == 404)
    }
  }
}
