import Claims
import ClaimsTestSupport
import Testing

extension SystemTests {
  @Suite("a push over what is stored")
  struct FreshnessTests {
    /// A server that holds the claims of one account.
    private struct Holder {
      let claims: ServerUnderTest
      let account: TestAccount

      init() async throws {
        let organisation = try Organisation()
        claims = try await ServerUnderTest(organisation)
        account = try TestAccount(of: organisation)
      }

      func push(_ token: Token) async throws -> HTTPAnswer { try await claims.http.push(token, to: account.key) }

      /// That this token is served, by lookups and in the file, and that the log has so many records.
      func holds(_ token: Token, records: Int) async throws {
        #expect(try await claims.http.account(account.key).body == token.bytes)
        try await eventually("the file follows") { claims.file(of: account.key) == token.bytes }
        #expect(try await claims.metric("nats_claims_log_records") == records)
      }
    }

    @Test("with an older token is refused with 409 and both times, and the store is untouched")
    func olderToken() async throws {
      let holder = try await Holder()
      let account = holder.account
      let stored = try account.token(10)
      #expect(try await holder.push(stored).status == 200)
      try await holder.holds(stored, records: 2)
      let answer = try await holder.push(account.token(9))
      #expect(answer.status == 409)
      #expect(answer.text.contains("\(account.iat(9))") && answer.text.contains("\(account.iat(10))"), "\(answer.text)")
      #expect(answer.text.contains("sign the claims again"))
      try await holder.holds(stored, records: 2)
    }

    @Test("from further ahead than --clock-tolerance is refused with both clocks, and stored up to it", arguments: [0, 5000])
    func clockTolerance(_ tolerance: Int64) async throws {
      let organisation = try Organisation()
      var options = try ServerUnderTest.Options(organisation)
      options.extra = ["--clock-tolerance", "\(tolerance)"]
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      let now = Organisation.now
      let ahead = try organisation.authority.account(account.key, iat: now + tolerance + 100)
      let answer = try await claims.http.push(ahead, to: account.key)
      #expect(answer.status == 400 && answer.text.contains("\(now + tolerance + 100)"), "\(answer.status) \(answer.text)")
      #expect(try await claims.http.account(account.key).status == 404)
      #expect(try await claims.http.push(organisation.authority.account(account.key, iat: now + tolerance), to: account.key).status == 200)
    }

    @Test("with the same bytes is answered 200 and stores nothing")
    func sameBytes() async throws {
      let holder = try await Holder()
      let token = try holder.account.token()
      #expect(try await holder.push(token).status == 200)
      #expect(try await holder.push(token).status == 200)
      try await holder.holds(token, records: 2)
    }

    @Test("of A, B, A, all of one second, is refused the third time")
    func twoTokensOfOneSecond() async throws {
      let holder = try await Holder()
      let first = try holder.account.token(5, name: "A")
      let second = try holder.account.token(5, name: "B")
      #expect(try await holder.push(first).status == 200)
      #expect(try await holder.push(second).status == 200)
      let answer = try await holder.push(first)
      #expect(answer.status == 409)
      #expect(answer.text.contains("\(holder.account.iat(5))"), "\(answer.text)")
      try await holder.holds(second, records: 3)
    }

    @Test("remembers A, B, A over a kill -9")
    func remembered() async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let options = try ServerUnderTest.Options(organisation)
      let before = try await ServerUnderTest(options)
      let first = try account.token(5, name: "A")
      let second = try account.token(5, name: "B")
      try await before.store(first, of: account)
      try await before.store(second, of: account)
      try await before.kill()
      let after = try await ServerUnderTest(options)
      #expect(try await after.http.push(first, to: account.key).status == 409)
      #expect(try await after.http.push(account.token(4), to: account.key).status == 409)
      #expect(try await after.http.account(account.key).body == second.bytes)
    }

    @Test("works with curl: stored, looked up, refused, found unchanged")
    func curl() async throws {
      let holder = try await Holder()
      let token = try holder.account.token(1)
      let older = try Stage.required.file("older.jwt", holder.account.token(0).text)
      let file = try Stage.required.file("account.jwt", token.text + "\n")
      let url = "http://127.0.0.1:\(holder.claims.port)\(HTTPClient.path(holder.account.key))"
      #expect(try await Self.curl("-w", "%{http_code}", "--data-binary", "@\(file)", url) == "200")
      #expect(try await Self.curl(url) == token.text)
      let refused = try await Self.curl("-w", "%{http_code}", "--data-binary", "@\(older)", url)
      #expect(refused.hasSuffix("409") && refused.contains("older"))
      let tag = "\"\(token.digest.hex)\""
      #expect(try await Self.curl("-w", "%{http_code}", "-H", "If-None-Match: \(tag)", url) == "304")
      let head = try await Self.curl("-I", url)
      #expect(head.contains("200 OK") && head.contains(tag))
    }

    private static func curl(_ arguments: String...) async throws -> String {
      let result = try await Command(tool: .curl, arguments: ["-sS"] + arguments).run()
      #expect(result.succeeded, "\(result.errors)")
      return result.output
    }
  }
}
