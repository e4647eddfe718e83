import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import NIOHTTP1
import Nkeys
import Testing

@Suite("Activations over HTTP")
struct ActivationTests {
  @Test("are stored, and found by their hash with and without its padding")
  func stores() async throws {
    try await LiveServer.run { server in
      let exporter = try TestExporter()
      _ = try await server.registry.push(try exporter.claims(by: server.authority), by: .setup)
      let token = try exporter.activation(for: try TestAuthority.account())
      let hash = try #require(try DecodedToken.decode(token).claims.activation).activationHash()
      let pushed = try await server.send(.POST, "/jwt/v1/activations", body: token.text)
      #expect(pushed.status == 200 && pushed.body.isEmpty)
      for name in [hash.padded, hash.text, hash.text + "%3D%3d%3D%3D"] {
        let path = "/jwt/v1/activations/\(name)"
        let answer = try await server.send(.GET, path)
        #expect(answer.status == 200, "\(name)")
        #expect(answer.body == token.text)
        #expect(answer.headers["content-type"] == ["application/jwt"])
        let tag = try #require(answer.headers["etag"].first)
        #expect(try await server.send(.GET, path, headers: ["If-None-Match": tag]).status == 304)
        #expect(try await server.send(.GET, path + "?text=true").headers["content-type"] == ["text/plain"])
        #expect(try await server.send(.GET, path + "?decode=TRUE").body.contains("\"type\": \"activation\""))
        #expect(try await server.send(.HEAD, path).headers["etag"] == [tag])
      }
    }
  }

  @Test("that are not there, and texts that are no hash, are 404")
  func unknown() async throws {
    try await LiveServer.run { server in
      for name in [String(repeating: "A", count: 52), "SOMEHASH", "..%2f", "%00"] {
        let answer = try await server.send(.GET, "/jwt/v1/activations/\(name)")
        #expect(answer.status == 404, "\(name)")
      }
      #expect(try await server.send(.GET, "/jwt/v1/activations/SOMEHASH").body == "no matching activation JWT\n")
    }
  }

  @Test("that are refused are answered with the reason, and those that cannot be stored with 503")
  func refusals() async throws {
    try await LiveServer.run { server in
      let exporter = try TestExporter()
      let token = try exporter.activation(for: try TestAuthority.account())
      let unknown = try await server.send(.POST, "/jwt/v1/activations", body: token.text)
      #expect(unknown.status == 400 && unknown.body.hasPrefix("untrusted issuer in request: the account \(exporter.account)"))
      let garbage = try await server.send(.POST, "/jwt/v1/activations", body: "x")
      #expect(garbage.status == 400 && garbage.body.hasPrefix("bad JWT in request: "))
      _ = try await server.registry.push(try exporter.claims(by: server.authority), by: .setup)
      server.log.fails = StoreError(.ioFailure, "the disk fails")
      #expect(try await server.send(.POST, "/jwt/v1/activations", body: token.text).status == 503)
      server.log.fails = nil
    }
  }
}
