import Claims
import ClaimsRegistry
import ClaimsTestSupport
import NIOHTTP1
import Nkeys
import Testing

@testable import ClaimsHTTP

/// Lookups as they are answered on the event loop, and with a parameter that changes nothing, through the router.
enum Path: String, CaseIterable, Sendable {
  case eventLoop = ""
  case router = "?text=no"
}

@Suite("Lookups over HTTP")
struct LookupTests {
  @Test("give the bytes that were pushed, with a strong tag", arguments: Path.allCases)
  func found(_ path: Path) async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      let answer = try await server.send(.GET, "/jwt/v1/accounts/\(key)\(path.rawValue)")
      #expect(answer.status == 200)
      #expect(answer.body == token.text)
      #expect(answer.headers["content-type"] == ["application/jwt"])
      #expect(answer.headers["content-length"] == ["\(token.bytes.count)"])
      #expect(answer.headers["etag"] == ["\"\(token.digest.hex)\""])
      #expect(answer.headers["cache-control"] == ["max-age=60, must-revalidate"])
      #expect(answer.headers["date"].count == 1)
    }
  }

  @Test("of HEAD give the same headers and no body", arguments: Path.allCases)
  func head(_ path: Path) async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      let answer = try await server.send(.HEAD, "/jwt/v1/accounts/\(key)\(path.rawValue)")
      #expect(answer.status == 200)
      #expect(answer.body.isEmpty)
      #expect(answer.headers["content-length"] == ["\(token.bytes.count)"])
      #expect(answer.headers["etag"] == ["\"\(token.digest.hex)\""])
      #expect(try await server.send(.HEAD, "/jwt/v1/accounts/\(try TestAuthority.account())\(path.rawValue)").status == 404)
    }
  }

  @Test("are not modified when the tag is named", arguments: Path.allCases)
  func notModified(_ path: Path) async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      let tag = "\"\(token.digest.hex)\""
      let answer = try await server.send(.GET, "/jwt/v1/accounts/\(key)\(path.rawValue)", headers: ["If-None-Match": "\"x\", W/\(tag)"])
      #expect(answer.status == 304)
      #expect(answer.body.isEmpty)
      #expect(answer.headers["etag"] == [tag])
      #expect(answer.headers["cache-control"] == ["max-age=60, must-revalidate"])
      #expect(try await server.send(.GET, "/jwt/v1/accounts/\(key)\(path.rawValue)", headers: ["If-None-Match": "\"x\""]).status == 200)
    }
  }

  @Test("of what is not there say so in the peer's words", arguments: Path.allCases)
  func notFound(_ path: Path) async throws {
    try await LiveServer.run { server in
      let (key, _) = try await server.stored()
      let wrong = key.text.dropLast() + (key.text.last == "A" ? "B" : "A")
      for name in [
        try TestAuthority.account().text, String(wrong), "NOTAKEY", "A", key.text.lowercased(), server.authority.identity.publicKey.text,
      ] {
        let answer = try await server.send(.GET, "/jwt/v1/accounts/\(name)\(path.rawValue)")
        #expect(answer.status == 404, "\(name)")
        #expect(answer.body == "no matching account JWT\n")
        #expect(answer.headers["content-type"] == ["text/plain"])
      }
    }
  }

  @Test("take parameters: text, decode and check, only for the word true")
  func parameters() async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored { $0.common.exp = TestTime.seconds + 10 }
      let url = "/jwt/v1/accounts/\(key)"
      let text = try await server.send(.GET, "\(url)?text=TRUE&decode=true")
      #expect(text.headers["content-type"] == ["text/plain"] && text.body == token.text)
      #expect(try await server.send(.GET, "\(url)?text=1").headers["content-type"] == ["application/jwt"])
      let decoded = try await server.send(.GET, "\(url)?decode=true")
      #expect(decoded.headers["content-type"] == ["text/plain"])
      #expect(decoded.body.contains("\"name\": \"account\""))
      #expect(try await server.send(.GET, "\(url)?check=true").status == 200)
      #expect(try await server.send(.GET, "\(url)?jti=x").status == 501)
      #expect(try await server.send(.GET, url).headers["cache-control"] == ["max-age=10, must-revalidate"])
    }
  }

  @Test("give an expired token, but not when asked to check")
  func expired() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      let token = try server.authority.account(key) { $0.common.exp = TestTime.seconds }
      _ = try await server.registry.push(token, by: .setup)
      let checked = try await server.send(.GET, "/jwt/v1/accounts/\(key)?check=true")
      #expect(checked.status == 200)
    }
  }

  @Test("are counted by result")
  func counted() async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored()
      for path in Path.allCases {
        _ = try await server.send(.GET, "/jwt/v1/accounts/\(key)\(path.rawValue)")
        _ = try await server.send(.GET, "/jwt/v1/accounts/\(try TestAuthority.account())\(path.rawValue)")
        _ = try await server.send(.GET, "/jwt/v1/accounts/\(key)\(path.rawValue)", headers: ["If-None-Match": "\"\(token.digest.hex)\""])
      }
      let figures = try await server.send(.GET, "/metrics").body
      for result in ["found", "unknown", "not_modified"] {
        #expect(figures.contains("nats_claims_lookups_total{result=\"\(result)\"} 2\n"))
      }
      #expect(figures.contains("nats_claims_accounts 1\n"))
      #expect(figures.contains("nats_claims_log_records 1\n"))
    }
  }
}
