import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import Testing

extension SystemTests {
  @Suite("an answer")
  struct AnswerTests {
    /// A server with one account.
    private struct Served {
      let organisation: Organisation
      let claims: ServerUnderTest
      let account: TestAccount
      let token: Token

      init() async throws {
        organisation = try Organisation()
        claims = try await ServerUnderTest(organisation)
        account = try TestAccount(of: organisation)
        token = try account.token()
        try await claims.store(token, of: account)
      }

      var path: String { HTTPClient.path(account.key) }
      var tag: String { "\"\(token.digest.hex)\"" }
    }

    @Test("to the resolver's probe is 200 and never cached")
    func probe() async throws {
      let claims = try await ServerUnderTest(Organisation())
      for path in ["/jwt/v1/accounts/", "/jwt/v1/accounts"] {
        let answer = try await claims.http.get(path)
        #expect(answer.status == 200)
        #expect(answer["Cache-Control"] == "no-cache, no-store, must-revalidate")
      }
    }

    @Test("to a lookup has the token's bytes, its hash as ETag, and a short life in caches")
    func lookup() async throws {
      let served = try await Served()
      let answer = try await served.claims.http.get(served.path)
      #expect(answer.status == 200)
      #expect(answer.body == served.token.bytes)
      #expect(answer["Content-Type"] == "application/jwt")
      #expect(answer["ETag"] == served.tag)
      #expect(answer["Cache-Control"] == "max-age=60, must-revalidate")
      #expect(answer["Date"] != nil)
    }

    @Test(
      "to HEAD is that to GET without the body", arguments: ["/jwt/v1/accounts/KEY", "/jwt/v1/operator", "/healthz", "/jwt/v1/accounts/"])
    func head(_ path: String) async throws {
      let served = try await Served()
      let path = path.replacingOccurrences(of: "KEY", with: served.account.key.text)
      let get = try await served.claims.http.get(path)
      let connection = try await Connection(port: served.claims.port)
      try await connection.send(HTTPClient.request("HEAD", path, ["Connection": "close"]))
      let head = try #require(await connection.answer(toHead: true))
      #expect(try await connection.receiveAll().isEmpty, "there is no body")
      #expect(head.status == get.status)
      for name in ["Content-Length", "Content-Type", "ETag", "Cache-Control"] { #expect(head[name] == get[name]) }
    }

    @Test("is 304 when If-None-Match names the tag", arguments: ["TAG", "W/TAG", "\"other\", TAG", "\"other\",W/TAG", "*", "TAG, TAG"])
    func notModified(_ value: String) async throws {
      let served = try await Served()
      let value = value.replacingOccurrences(of: "TAG", with: served.tag)
      for path in [served.path, served.path + "?check=true"] {
        let answer = try await served.claims.http.get(path, ["If-None-Match": value])
        #expect(answer.status == 304)
        #expect(answer["ETag"] == served.tag)
      }
    }

    @Test("is 304 when the second of two If-None-Match lines names the tag")
    func twoLines() async throws {
      let served = try await Served()
      let connection = try await Connection(port: served.claims.port)
      try await connection.send(
        "GET \(served.path) HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"other\"\r\nIf-None-Match: \(served.tag)\r\nConnection: close\r\n\r\n"
      )
      #expect(try await connection.answer()?.status == 304)
    }

    @Test("is 200 when If-None-Match names something else, or a tag of before", arguments: ["\"other\"", "TAG-without-quotes", ""])
    func modified(_ value: String) async throws {
      let served = try await Served()
      let value = value.replacingOccurrences(of: "TAG", with: served.token.digest.hex)
      #expect(try await served.claims.http.get(served.path, ["If-None-Match": value]).status == 200)
      try await served.claims.store(served.account.token(1), of: served.account)
      #expect(try await served.claims.http.get(served.path, ["If-None-Match": served.tag]).status == 200)
    }

    @Test(
      "to a method that a path does not have is 405 with Allow",
      arguments: [
        ("PUT", "/jwt/v1/accounts/KEY", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("PATCH", "/jwt/v1/accounts/KEY", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("POST", "/jwt/v1/operator", "GET, HEAD, OPTIONS"), ("DELETE", "/jwt/v1/pack", "GET, HEAD, OPTIONS"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
      ])
    func wrongMethod(_ method: String, _ path: String, _ allowed: String) async throws {
      let served = try await Served()
      let path = path.replacingOccurrences(of: "KEY", with: served.account.key.text)
      let answer = try await served.claims.http.send(method, path, body: [])
      #expect(answer.status == 405)
      #expect(answer["Allow"] == allowed)
    }

    @Test(
      "to a path written differently is a redirection to the right one",
      arguments: [
        ("/jwt/v1/operator/", "/jwt/v1/operator"), ("/jwt//v1/operator", "/jwt/v1/operator"), ("/JWT/v1/Operator", "/jwt/v1/operator"),
        ("/jwt/v1/accounts/KEY/", "/jwt/v1/accounts/KEY"), ("/jwt/v1/pack/?max=1", "/jwt/v1/pack?max=1"),
      ])
    func redirection(_ path: String, _ right: String) async throws {
      let served = try await Served()
      let key = served.account.key.text
      let right = right.replacingOccurrences(of: "KEY", with: key)
      let answer = try await served.claims.http.get(path.replacingOccurrences(of: "KEY", with: key))
      #expect(answer.status == 301)
      #expect(answer["Location"] == right)
      let post = try await served.claims.http.send("POST", path.replacingOccurrences(of: "KEY", with: key), body: [])
      #expect(post.status == 308)
      #expect(post["Location"] == right)
    }

    @Test(
      "to an unknown path or account is 404",
      arguments: ["/", "/jwt/v1", "/jwt/v2/accounts/", "/jwt/v1/nothing", "/favicon.ico", "/jwt/v1/accounts/%41"])
    func unknownPath(_ path: String) async throws {
      let served = try await Served()
      #expect(try await served.claims.http.get(path).status == 404)
      for key in ["nonsense", "*", served.organisation.authority.identity.publicKey.text, Self.damaged(served.account.key)] {
        let answer = try await served.claims.http.get("/jwt/v1/accounts/\(key)")
        #expect(answer.status == 404)
        #expect(answer.text == "no matching account JWT\n")
      }
    }

    /// A key whose last character is another one, so that its checksum does not hold.
    private static func damaged(_ key: AccountKey) -> String {
      key.text.dropLast() + (key.text.hasSuffix("A") ? "B" : "A")
    }

    @Test("to the queries of the peer is the peer's: text, decode, check, jti")
    func queries() async throws {
      let served = try await Served()
      let http = served.claims.http
      let text = try await http.get(served.path + "?text=TRUE")
      #expect(text.body == served.token.bytes && text["Content-Type"] == "text/plain")
      #expect(try await http.get(served.path + "?decode=true").text.contains(served.account.key.text))
      #expect(try await http.get(served.path + "?check=true").status == 200)
      #expect(try await http.get(served.path + "?jti=x").status == 501)
      #expect(try await http.get("/jwt/v1/operator?decode=true").text.contains(served.organisation.authority.identity.publicKey.text))
    }

    @Test("?check=true is 404 once the claims have expired")
    func expired() async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let directory = try organisation.directory()
      let token = try account.token { $0.common.exp = Organisation.now - 1 }
      try Data(token.bytes).write(to: URL(filePath: "\(directory)/\(account.key).jwt"))
      let claims = try await ServerUnderTest(.init(organisation, directory: directory))
      #expect(try await claims.http.account(account.key).body == token.bytes)
      #expect(try await claims.http.account(account.key)["Cache-Control"] == "max-age=0, must-revalidate")
      #expect(try await claims.http.get(HTTPClient.path(account.key) + "?check=true").status == 404)
    }

    @Test("to a pack is every account, sorted, as many as were asked for")
    func pack() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      var lines = ["\(organisation.systemAccount)|\(organisation.systemToken.text)"]
      for _ in 0..<5 {
        let account = try TestAccount(of: organisation)
        try await claims.store(account.token(), of: account)
        lines.append("\(account.key)|\(try account.token().text)")
      }
      lines.sort()
      let served = lines.joined(separator: "\n")
      #expect(try await claims.http.get("/jwt/v1/pack").text == served)
      #expect(try await claims.http.get("/jwt/v1/pack?max=2").text.split(separator: "\n").count == 2)
      #expect(try await claims.http.get("/jwt/v1/pack?max=0").body.isEmpty)
      #expect(try await claims.http.get("/jwt/v1/pack?max=-1").text == served)
      #expect(try await claims.http.get("/jwt/v1/pack?max=x").status == 400)
      #expect(try await claims.http.get("/jwt/v1/pack?max=10001").status == 400)
    }

    @Test("of /readyz says what is there and what is missing")
    func readiness() async throws {
      let organisation = try Organisation()
      let ready = try await ServerUnderTest(organisation)
      let answer = try await ready.http.get("/readyz")
      #expect(answer.status == 200)
      let state = try JSONDecoder().decode(Readiness.self, from: Data(answer.body))
      #expect(state.ready && state.accounts == 1 && state.problems.isEmpty && state.warnings.isEmpty)
      #expect(state.operators == [organisation.authority.identity.publicKey.text])

      let withoutSystem = try await ServerUnderTest(.init(organisation, directory: Stage.required.newFolder("empty")))
      let warned = try JSONDecoder().decode(Readiness.self, from: Data(try await withoutSystem.http.get("/readyz").body))
      #expect(warned.ready && warned.accounts == 0)
      #expect(warned.warnings["missing_system_account"]?.first?.contains(organisation.systemAccount.text) == true)

      var options = ServerUnderTest.Options()
      options.directory = try Stage.required.newFolder("untrusting")
      let untrusting = try await ServerUnderTest(options)
      let unready = try await untrusting.http.get("/readyz")
      #expect(unready.status == 503)
      #expect(unready.text.contains("no operator is trusted"))
      // As the peer without an operator.
      let none = try await untrusting.http.get("/jwt/v1/operator")
      #expect(none.status == 404 && none.text == "404 page not found\n")
      let refused = try await untrusting.http.push(organisation.systemToken, to: organisation.systemAccount)
      #expect(refused.status == 400 && refused.text.hasPrefix("untrusted issuer in request"))
    }

    private struct Readiness: Decodable {
      let ready: Bool
      let accounts: Int
      let operators: [String]
      let problems: [String]
      let warnings: [String: [String]]
    }
  }
}
