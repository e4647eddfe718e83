import Claims
import ClaimsRegistry
import ClaimsTestSupport
import NIOHTTP1
import Nkeys
import Testing

@Suite("Service routes over HTTP")
struct ServiceRouteTests {
  @Test("the resolver's probe is answered, with a slash and without", arguments: ["/jwt/v1/accounts", "/jwt/v1/accounts/"])
  func probe(_ path: String) async throws {
    try await LiveServer.run { server in
      for method in [HTTPMethod.GET, .HEAD] {
        let answer = try await server.send(method, path)
        #expect(answer.status == 200 && answer.body.isEmpty)
        #expect(answer.headers["cache-control"] == ["no-cache, no-store, must-revalidate"])
        #expect(answer.headers["pragma"] == ["no-cache"] && answer.headers["expires"] == ["0"])
      }
    }
  }

  @Test("the operator's token is served as token, text and decoded")
  func operatorToken() async throws {
    try await LiveServer.run { server in
      let token = server.authority.token.text
      let plain = try await server.send(.GET, "/jwt/v1/operator")
      #expect(plain.body == token && plain.headers["content-type"] == ["application/jwt"])
      let text = try await server.send(.GET, "/jwt/v1/operator?text=true")
      #expect(text.body == token && text.headers["content-type"] == ["text/plain"])
      let decoded = try await server.send(.GET, "/jwt/v1/operator?decode=true")
      #expect(decoded.body.contains("\"system_account\": \"\(server.authority.system.publicKey)\""))
    }
  }

  @Test("every operator's token is served by its identity key, as it is in force now")
  func operators() async throws {
    try await LiveServer.run { server in
      let key = server.authority.identity.publicKey.text
      let path = "/jwt/v1/operators/\(key)"
      let plain = try await server.send(.GET, path)
      #expect(plain.status == 200 && plain.body == server.authority.token.text && plain.headers["content-type"] == ["application/jwt"])
      let head = try await server.send(.HEAD, path)
      #expect(head.status == 200 && head.body.isEmpty)
      let text = try await server.send(.GET, path + "?text=true")
      #expect(text.body == server.authority.token.text && text.headers["content-type"] == ["text/plain"])
      #expect(try await server.send(.GET, path + "?decode=true").body.contains("\"sub\": \"\(key)\""))
      #expect(try await server.send(.POST, path).status == 405)
      let renewed = try server.authority.renewed()
      #expect(server.registry.reloadOperators([OperatorReading(file: "operator.jwt", content: .text(renewed.text))]))
      #expect(try await server.send(.GET, path).body == renewed.text)
      #expect(try await server.send(.GET, "/jwt/v1/operator").body == renewed.text)
    }
  }

  @Test("no other key has an operator's token")
  func otherOperators() async throws {
    try await LiveServer.run { server in
      for key in [try TestAuthority().identity.publicKey.text, server.authority.signing.publicKey.text, "NOTAKEY"] {
        let answer = try await server.send(.GET, "/jwt/v1/operators/\(key)")
        #expect(answer.status == 404 && answer.headers["content-type"] == ["text/plain; charset=utf-8"])
      }
    }
  }

  @Test("the pack holds a line an account, sorted by key, as many as asked for")
  func pack() async throws {
    try await LiveServer.run { server in
      var lines: [String] = []
      for _ in 0..<5 {
        let (key, token) = try await server.stored()
        lines.append("\(key)|\(token.text)")
      }
      lines.sort()
      #expect(try await server.send(.GET, "/jwt/v1/pack").body == lines.joined(separator: "\n"))
      #expect(try await server.send(.GET, "/jwt/v1/pack?max=2").body == lines.prefix(2).joined(separator: "\n"))
      #expect(try await server.send(.GET, "/jwt/v1/pack?max=0").body.isEmpty)
      #expect(try await server.send(.GET, "/jwt/v1/pack?max=").body == lines.joined(separator: "\n"))
      #expect(try await server.send(.GET, "/jwt/v1/pack?max=-1").body == lines.joined(separator: "\n"))
    }
  }

  @Test(
    "the pack's limit is checked in the peer's words",
    arguments: [
      ("10001", "bad max parameter \"10001\", no more than 10000 are allowed\n"), ("abc", "bad max parameter \"abc\"\n"),
      ("1.5", "bad max parameter \"1.5\"\n"), ("99999999999999999999", "bad max parameter \"99999999999999999999\"\n"),
    ])
  func packLimit(_ text: String, _ body: String) async throws {
    try await LiveServer.run { server in
      let answer = try await server.send(.GET, "/jwt/v1/pack?max=\(text)")
      #expect(answer.status == 400 && answer.body == body)
    }
  }

  @Test("help names every route")
  func help() async throws {
    try await LiveServer.run { server in
      let body = try await server.send(.GET, "/jwt/v1/help").body
      for route in ["/jwt/v1/accounts/<key>", "/jwt/v1/operator", "/jwt/v1/pack", "/healthz", "/readyz", "/metrics", "DELETE"] {
        #expect(body.contains(route), "\(route)")
      }
    }
  }

  @Test("readiness names what an operator should know")
  func readiness() async throws {
    try await LiveServer.run { server in
      #expect(try await server.send(.GET, "/healthz").status == 200)
      let answer = try await server.send(.GET, "/readyz")
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == ["application/json"])
      #expect(answer.body.contains("\"ready\" : true"))
      #expect(answer.body.contains("missing_system_account"))
    }
  }

  @Test("a method that a path does not have is answered with those it has")
  func methods() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      for (method, path, allow) in [
        (HTTPMethod.PUT, "/jwt/v1/accounts/\(key)", "DELETE, GET, HEAD, OPTIONS, POST"), (.POST, "/jwt/v1/accounts/", "GET, HEAD, OPTIONS"),
        (.POST, "/healthz", "GET, HEAD, OPTIONS"), (.PATCH, "/jwt/v1/pack", "GET, HEAD, OPTIONS"),
      ] {
        let answer = try await server.send(method, path, body: method == .PUT ? "x" : nil)
        #expect(answer.status == 405, "\(path)")
        #expect(answer.headers["allow"] == [allow])
        #expect(answer.body == "Method Not Allowed\n")
      }
      #expect(try await server.send(.OPTIONS, "/jwt/v1/pack").headers["allow"] == ["GET, HEAD, OPTIONS"])
    }
  }

  @Test(
    "an unknown path is a page that is not found",
    arguments: ["/", "/nope", "/jwt/v1/accounts/A/x", "/jwt/v1/accounts/..%2f..%2fetc%2fpasswd"])
  func unknown(_ path: String) async throws {
    try await LiveServer.run { server in
      let answer = try await server.send(.GET, path)
      #expect(answer.status == 404 && answer.body == "404 page not found\n")
      #expect(answer.headers["content-type"] == ["text/plain; charset=utf-8"])
    }
  }
}
