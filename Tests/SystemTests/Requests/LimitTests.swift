import Claims
import ClaimsTestSupport
import Testing

extension SystemTests {
  @Suite("a client that takes more than its share")
  struct LimitTests {
    /// One byte more than a body may have.
    private static let tooMuch = Token.maximumSize + 1

    private static func server() async throws -> ServerUnderTest { try await ServerUnderTest(Organisation()) }

    /// That the server answers this request with 400 or not at all, and closes.
    private func isRefused(_ request: String, by claims: ServerUnderTest) async throws {
      let connection = try await Connection(port: claims.port)
      try await connection.send(request)
      if let answer = try await connection.answer() { #expect(answer.status == 400) }
      _ = try await connection.receiveAll()
      #expect(try await claims.http.get("/healthz").status == 200, "the next client is answered")
    }

    @Test("with a header block over 16 KiB is refused", arguments: [1, 20])
    func headerBlock(fields: Int) async throws {
      let size = 20_000 / fields
      let block = (0..<fields).map { "X-Field-\($0): \(String(repeating: "a", count: size))\r\n" }.joined()
      try await isRefused("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\(block)\r\n", by: Self.server())
    }

    @Test("with a path over 16 KiB is refused")
    func longPath() async throws {
      try await isRefused("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n", by: Self.server())
    }

    @Test("with more than 64 header fields is refused")
    func headerFields() async throws {
      let block = (0..<70).map { "X-Field-\($0): a\r\n" }.joined()
      try await isRefused("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\(block)\r\n", by: Self.server())
    }

    @Test("may have a header block of 12 KiB and 50 fields")
    func withinLimits() async throws {
      let claims = try await Self.server()
      let fields = Dictionary(uniqueKeysWithValues: (0..<50).map { ("X-Field-\($0)", String(repeating: "a", count: 220)) })
      #expect(try await claims.http.get("/healthz", fields).status == 200)
    }

    @Test(
      "with two lengths, or two ways to say it, is refused",
      arguments: [
        "Content-Length: 4\r\nContent-Length: 5", "Content-Length: 4\r\nTransfer-Encoding: chunked", "Content-Length: -1",
        "Content-Length: 4x",
      ])
    func twoLengths(_ fields: String) async throws {
      let claims = try await Self.server()
      let key = try TestAccount(of: Organisation()).key
      try await isRefused("POST \(HTTPClient.path(key)) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n\r\n0\r\n\r\n", by: claims)
    }

    @Test("that declares a body over 1 MiB gets 413 at once, unread, and is closed")
    func declaredBody() async throws {
      let claims = try await Self.server()
      let key = try TestAccount(of: Organisation()).key
      let connection = try await Connection(port: claims.port)
      try await connection.send("POST \(HTTPClient.path(key)) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(Self.tooMuch)\r\n\r\n")
      let answer = try #require(await connection.answer())
      #expect(answer.status == 413)
      #expect(answer["Connection"]?.lowercased() == "close")
      #expect(try await connection.receiveAll().isEmpty)
    }

    @Test("that sends a body over 1 MiB in chunks gets 413 and is closed")
    func chunkedBody() async throws {
      let claims = try await Self.server()
      let key = try TestAccount(of: Organisation()).key
      let connection = try await Connection(port: claims.port)
      try await connection.send("POST \(HTTPClient.path(key)) HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = "10000\r\n\(String(repeating: "a", count: 0x10000))\r\n"
      for _ in 0..<17 where try await !connection.send(chunk) { break }
      let answer = try #require(await connection.answer())
      #expect(answer.status == 413)
      #expect(answer["Connection"]?.lowercased() == "close")
      #expect(try await connection.receiveAll().isEmpty)
    }

    @Test("may send a body of exactly 1 MiB, which is then no token")
    func largestBody() async throws {
      let claims = try await Self.server()
      let key = try TestAccount(of: Organisation()).key
      let body = [UInt8](repeating: UInt8(ascii: "a"), count: Token.maximumSize)
      let answer = try await claims.http.send("POST", HTTPClient.path(key), body: body)
      #expect(answer.status == 400)
      #expect(answer.text.hasPrefix("bad JWT in request: "))
    }

    /// Sends a byte, listens a little, and so on: a client that is slow on purpose, until it is cut.
    private func isCut(_ connection: Connection) async throws {
      try await eventually("the slow client is cut") {
        guard try await connection.send("a") else { return true }
        return try await connection.receive(within: 0.2) == .closed
      }
    }

    @Test("that sends its headers byte by byte is cut")
    func slowHeaders() async throws {
      let claims = try await Self.server()
      let connection = try await Connection(port: claims.port)
      try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
      try await isCut(connection)
      #expect(try await claims.metric("nats_claims_http_connections_refused_total{reason=\"headers\"}") == 1)
    }

    @Test("that sends its body byte by byte is cut")
    func slowBody() async throws {
      let claims = try await Self.server()
      let key = try TestAccount(of: Organisation()).key
      let connection = try await Connection(port: claims.port)
      try await connection.send("POST \(HTTPClient.path(key)) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
      try await isCut(connection)
      #expect(try await claims.metric("nats_claims_http_connections_refused_total{reason=\"body\"}") == 1)
    }

    @Test("that sends no HTTP at all is closed", arguments: ["\u{16}\u{03}\u{01}", "CONNECT {\"verbose\":false}\r\n\r\n", "GET\r\n\r\n"])
    func noHTTP(_ text: String) async throws {
      let claims = try await Self.server()
      let connection = try await Connection(port: claims.port)
      try await connection.send(text)
      _ = try await connection.receiveAll()
      #expect(try await claims.http.get("/healthz").status == 200)
    }
  }
}
