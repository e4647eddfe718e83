import Claims
import ClaimsTestSupport
import Testing

extension SystemTests {
  @Suite("a connection")
  struct ConnectionTests {
    @Test("answers pipelined requests in their order")
    func pipelining() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      let token = try account.token(1)
      let path = HTTPClient.path(account.key)
      let requests: [(method: String, path: String, body: [UInt8]?)] = [
        ("GET", path, nil), ("POST", path, token.bytes), ("GET", path, nil), ("GET", "/jwt/v1/operator", nil), ("GET", path, nil),
        ("GET", path + "?decode=true", nil), ("GET", path, nil), ("GET", "/nowhere", nil), ("GET", "/healthz", nil), ("GET", path, nil),
      ]
      let connection = try await Connection(port: claims.port)
      try await connection.send(requests.flatMap { HTTPClient.request($0.method, $0.path, body: $0.body) })
      var answers: [HTTPAnswer] = []
      for _ in requests { answers.append(try #require(await connection.answer())) }
      #expect(answers.map(\.status) == [404, 200, 200, 200, 200, 200, 200, 404, 200, 200])
      for index in [2, 4, 6, 9] { #expect(answers[index].body == token.bytes) }
      #expect(answers[3].body == organisation.authority.token.bytes)
      #expect(answers[5].text.contains("\"sub\": \"\(account.key)\""), "\(answers[5].text)")
    }

    @Test("answers 1000 pipelined lookups")
    func manyLookups() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let path = HTTPClient.path(organisation.systemAccount)
      let body = organisation.systemToken.bytes.count
      let connection = try await Connection(port: claims.port)
      try await connection.send((0..<1000).flatMap { _ in HTTPClient.request("GET", path) })
      for _ in 0..<1000 { #expect(try await connection.answer()?.body.count == body) }
    }

    @Test("stays open between requests, for lookups and for everything else")
    func keepAlive() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let connection = try await Connection(port: claims.port)
      for path in [
        HTTPClient.path(organisation.systemAccount), "/healthz", "/nowhere", HTTPClient.path(organisation.systemAccount),
      ] {
        try await connection.send(HTTPClient.request("GET", path))
        let answer = try #require(await connection.answer())
        #expect(answer["Connection"]?.lowercased() != "close")
      }
    }

    @Test("ends when the client says close, in any case", arguments: ["close", "Close", "CLOSE", "keep-alive, Close"], [true, false])
    func close(_ word: String, isLookup: Bool) async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let path = isLookup ? HTTPClient.path(organisation.systemAccount) : "/jwt/v1/help"
      let connection = try await Connection(port: claims.port)
      try await connection.send(HTTPClient.request("GET", path, ["Connection": word]) + HTTPClient.request("GET", "/healthz"))
      let answer = try #require(await connection.answer())
      #expect(answer.status == 200)
      #expect(answer["Connection"]?.lowercased() == "close")
      #expect(try await connection.receiveAll().isEmpty, "nothing is answered after the close")
    }

    @Test("takes pushes of one after the other without a pause, small and large, and ends after the one that says close")
    func manyPushes() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      let path = HTTPClient.path(account.key)
      // Beyond 16 KiB a token is judged in another way.
      let tokens = try (0..<40).map { number in
        try account.token(Int64(number)) { claims in
          claims.exports = (0..<(number % 4 == 3 ? 400 : 4)).map { Export(.stream, subject: Subject("orders.\($0)")) }
        }
      }
      let connection = try await Connection(port: claims.port)
      try await connection.send(tokens.flatMap { HTTPClient.request("POST", path, body: $0.bytes) + HTTPClient.request("GET", path) })
      for token in tokens {
        #expect(try await connection.answer()?.status == 200)
        #expect(try await connection.answer()?.body == token.bytes)
      }
      let last = try account.token(100)
      let closing = HTTPClient.request("POST", path, ["Connection": "close"], body: last.bytes)
      try await connection.send(closing + HTTPClient.request("GET", path))
      let answer = try #require(await connection.answer())
      #expect(answer.status == 200 && answer["Connection"] == "close", "\(answer.status) \(answer.text)")
      #expect(try await connection.receiveAll().isEmpty, "nothing is answered after the close")
      #expect(try await claims.http.account(account.key).body == last.bytes)
    }

    @Test("of HTTP/1.0 ends after its answer", arguments: [true, false])
    func oldHTTP(isLookup: Bool) async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let path = isLookup ? HTTPClient.path(organisation.systemAccount) : "/jwt/v1/help"
      let connection = try await Connection(port: claims.port)
      try await connection.send("GET \(path) HTTP/1.0\r\n\r\n")
      #expect(try await connection.answer()?.status == 200)
      #expect(try await connection.receiveAll().isEmpty)
    }
  }
}
