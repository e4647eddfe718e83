import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import NIOHTTP1
import Nkeys
import Testing

@Suite("Changes over HTTP")
struct ChangeTests {
  @Test("a push is answered 200 with an empty body, and is served at once")
  func push() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      let token = try server.authority.account(key)
      for _ in 0..<2 {
        let answer = try await server.send(.POST, "/jwt/v1/accounts/\(key)", body: token.text)
        #expect(answer.status == 200 && answer.body.isEmpty)
      }
      #expect(try await server.send(.GET, "/jwt/v1/accounts/\(key)").body == token.text)
    }
  }

  @Test("each refusal has its status and one line that begins as the peer's")
  func refusals() async throws {
    try await LiveServer.run { server in
      let pair = try KeyPair.generate(.account)
      let key = try AccountKey(pair.publicKey)
      let stranger = try TestAuthority()
      let authority = server.authority
      let cases: [(Token, Int, String)] = [
        (Token("x"), 400, "bad JWT in request: "), (authority.token, 400, "bad JWT in request: "), (Token(""), 400, "bad JWT in request: "),
        (try authority.account(try TestAuthority.account()), 400, "pub keys don't match: "),
        (try authority.account(key, signer: pair), 400, "Signing service not enabled: "),
        (try authority.account(key, signer: authority.system), 400, "Bad JWT Issuer in request: "),
        (try stranger.account(key), 400, "untrusted issuer in request: "),
      ]
      for (token, status, beginning) in cases {
        let answer = try await server.send(.POST, "/jwt/v1/accounts/\(key)", body: token.text)
        #expect(answer.status == status)
        #expect(answer.body.hasPrefix(beginning), "\(answer.body)")
        #expect(answer.body.hasSuffix("\n") && answer.body.dropLast().allSatisfy { !$0.isNewline })
        #expect(answer.headers["content-type"] == ["text/plain"])
      }
      #expect(server.registry.accounts().isEmpty)
    }
  }

  @Test("issues are listed as the peer lists them")
  func issues() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      let token = try server.authority.account(key) { $0.common.exp = TestTime.seconds - 1 }
      let answer = try await server.send(.POST, "/jwt/v1/accounts/\(key)", body: token.text)
      #expect(answer.status == 400)
      #expect(
        answer.body
          == "The server was unable to update your account JWT. One more more validation issues occurred.\n\t - claim is expired\n\n")
      #expect(answer.headers["content-type"] == ["text/plain; charset=utf-8"])
      #expect(answer.headers["x-content-type-options"] == ["nosniff"])
    }
  }

  @Test("who asks the open door for a trial is told where to ask, and nothing is changed", arguments: [HTTPMethod.POST, .DELETE])
  func dryRun(_ method: HTTPMethod) async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      let token = try server.authority.account(key)
      let answer = try await server.send(method, "/jwt/v1/accounts/\(key)?dry_run=true", body: token.text)
      #expect(answer.status == 400)
      #expect(answer.body.contains("/api/v1/accounts/<key>?dry_run=true"), "\(answer.body)")
      #expect(server.registry.accounts().isEmpty)
      #expect(try await server.send(.POST, "/jwt/v1/accounts/\(key)?dry_run=false", body: token.text).status == 200)
    }
  }

  @Test("an older token is a conflict that names both times")
  func older() async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      let old = try server.authority.account(key, iat: TestTime.seconds - 1)
      let answer = try await server.send(.POST, "/jwt/v1/accounts/\(key)", body: old.text)
      #expect(answer.status == 409)
      #expect(answer.body.contains("\(TestTime.seconds)") && answer.body.contains("\(TestTime.seconds - 1)"))
      #expect(try await server.send(.GET, "/jwt/v1/accounts/\(key)").body == token.text)
    }
  }

  @Test("a delete claim deletes the account it is sent to, once")
  func deletion() async throws {
    try await LiveServer.run { server in
      let (key, _) = try await server.stored()
      let claim = try server.authority.deletion(of: [key])
      #expect(try await server.send(.DELETE, "/jwt/v1/accounts/\(try TestAuthority.account())", body: claim.text).status == 400)
      #expect(try await server.send(.DELETE, "/jwt/v1/accounts/\(key)", body: claim.text).status == 200)
      #expect(try await server.send(.GET, "/jwt/v1/accounts/\(key)").status == 404)
      #expect(try await server.send(.DELETE, "/jwt/v1/accounts/\(key)", body: claim.text).status == 409)
    }
  }

  @Test("a full disk is 507, a broken one 503; lookups go on, and so do pushes when it heals")
  func faults() async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      let newer = try server.authority.account(key, name: "newer")
      for (error, status) in [(StoreError(.diskFull, "the disk is full"), 507), (StoreError(.ioFailure, "the disk is broken"), 503)] {
        server.log.fails = error
        let answer = try await server.send(.POST, "/jwt/v1/accounts/\(key)", body: newer.text)
        #expect(answer.status == status && answer.body == error.message + "\n")
        #expect(try await server.send(.GET, "/jwt/v1/accounts/\(key)").body == token.text)
      }
      server.log.fails = nil
      #expect(try await server.send(.POST, "/jwt/v1/accounts/\(key)", body: newer.text).status == 200)
    }
  }

  @Test("a body over a mebibyte is too large, declared or not")
  func tooLarge() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      let answer = try await server.send(.POST, "/jwt/v1/accounts/\(key)", body: String(repeating: "A", count: 1_048_577))
      #expect(answer.status == 413)
      #expect(answer.headers["connection"] == ["close"])
      #expect(answer.body.contains("1048576"))
      #expect(try await server.send(.POST, "/jwt/v1/accounts/\(key)", body: String(repeating: "A", count: 1_048_576)).status == 400)
    }
  }
}
