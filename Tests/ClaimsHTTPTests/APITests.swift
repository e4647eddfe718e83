import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import HTTPTypes
import Logging
import NIOHTTP1
import Nkeys
import Synchronization
import Testing

@testable import ClaimsHTTP

@Suite("JSON for programs")
struct APITests {
  private func get(_ path: String, _ server: LiveServer, status: Int = 200) async throws -> JSONValue {
    let answer = try await server.send(.GET, "/api/v1/\(path)")
    #expect(answer.status == status, "\(path): \(answer.body)")
    let type = status == 200 ? "application/json" : "application/problem+json"
    #expect(answer.headers["content-type"] == [type] && answer.headers["cache-control"] == ["no-store"])
    return try JSONReader().read(Array(answer.body.utf8))
  }

  private func names(_ page: JSONValue) -> [String] {
    (page["accounts"]?.elements ?? []).compactMap { $0["name"]?.text }.sorted()
  }

  @Test("accounts are listed a page at a time, each once")
  func pages() async throws {
    try await LiveServer.run { server in
      var keys: Set<String> = []
      for _ in 0..<7 { keys.insert(try await server.stored().key.text) }
      var seen: [String] = []
      var after = ""
      while true {
        let page = try await get("accounts?limit=3\(after)", server)
        let accounts = try #require(page["accounts"]?.elements)
        #expect(accounts.count <= 3)
        seen += accounts.compactMap { $0["account"]?.text }
        guard let next = page["next"]?.text else { break }
        after = "&after=\(next)"
      }
      #expect(seen.count == 7 && Set(seen) == keys)
    }
  }

  @Test("accounts are found by name, text, status, tag, issuer, operator and end")
  func filters() async throws {
    try await LiveServer.run { server in
      let authority = server.authority
      func store(_ name: String, signer: KeyPair? = nil, _ edit: @escaping (inout AccountClaims) -> Void = { _ in }) async throws
        -> AccountKey
      {
        let key = try TestAuthority.account()
        _ = try await server.registry.push(try authority.account(key, name: name, signer: signer, edit), by: .setup)
        return key
      }
      _ = try await store("Orders") { claims in
        claims.tags = ["Shop", "eu-west"]
        claims.description = "takes orders"
      }
      _ = try await store("billing", signer: authority.identity) { $0.common.exp = TestTime.seconds + 3600 }
      let gone = try await store("gone")
      _ = try await server.registry.delete(try authority.deletion(of: [gone]), by: .setup)
      let (signing, identity) = (authority.signing.publicKey.text, authority.identity.publicKey.text)
      for (query, expected) in [
        ("", ["Orders", "billing"]), ("name=Orders", ["Orders"]), ("name=orders", []), ("text=ES%20ORD", ["Orders"]),
        ("text=takes%20", ["Orders"]),
        ("text=EU-W", ["Orders"]), ("tag=shop", ["Orders"]), ("tag=sho", []), ("status=active", ["Orders", "billing"]),
        ("status=expired", []),
        ("issuer=\(signing)", ["Orders"]), ("issuer=\(identity)", ["billing"]), ("operator=\(identity)", ["Orders", "billing"]),
        ("operator=x", []), ("expires_within=1h", ["billing"]), ("expires_within=59m", []),
        ("status=active&tag=eu-west&text=orders", ["Orders"]),
      ] as [(String, [String])] {
        #expect(names(try await get("accounts?\(query)", server)) == expected, "\(query)")
      }
      let deleted = try await get("accounts?status=deleted", server)
      #expect(deleted["accounts"]?.elements?.compactMap { $0["account"]?.text } == [gone.text])
    }
  }

  @Test(
    "queries that cannot be understood say so",
    arguments: [
      "accounts?limit=0", "accounts?limit=1001", "accounts?limit=x", "accounts?limit=+5", "accounts?limit=", "accounts?after=x",
      "accounts?status=odd", "accounts?expires_within=5", "accounts?expires_within=99999999999999999999d", "accounts?nme=x",
      "accounts?name=a&name=b", "accounts/KEY", "accounts/KEY?at=1152921504606846976", "status?x=1", "operators?x",
    ])
  func badQueries(_ path: String) async throws {
    try await LiveServer.run { server in
      let problem = try await get(path, server, status: 400)
      #expect(problem["type"]?.text?.hasPrefix("urn:nats-claims:problem:") == true)
      #expect(problem["status"]?.integer == 400 && problem["detail"]?.text?.isEmpty == false)
    }
  }

  @Test("one account has its claims, issues, strictness and freshness; a deleted one says so; an unknown one is a problem")
  func account() async throws {
    try await LiveServer.run { server in
      let (key, token) = try await server.stored { $0.tags = ["a"] }
      let account = try await get("accounts/\(key)", server)
      #expect(account["claims"]?["sub"]?.text == key.text && account["status"]?.text == "active")
      #expect(account["digest"]?.text == token.digest.hex && account["issues"]?.elements == [] && account["strictness"]?.elements == [])
      let freshness = account["freshness"]
      #expect(freshness?["mark"]?.integer == TestTime.seconds && freshness?["accepted_from"]?.integer == TestTime.seconds)
      _ = try await server.registry.delete(try server.authority.deletion(of: [key]), by: .setup)
      let deleted = try await get("accounts/\(key)", server)
      #expect(deleted["status"]?.text == "deleted" && deleted["claims"]?.isNull == true)
      #expect(deleted["freshness"]?["accepted_from"]?.integer == TestTime.seconds + 1)
      let stranger = try TestAuthority.account()
      for path in ["", "/history", "/difference"] {
        let problem = try await get("accounts/\(stranger)\(path)", server, status: 404)
        #expect(problem["type"]?.text == "urn:nats-claims:problem:unknown_account")
      }
    }
  }

  @Test("an account that was taken over as it was has its issues and what strict rules object to, and stands as it does")
  func adopted() async throws {
    try await LiveServer.run { server in
      func adopt(_ key: AccountKey, _ token: Token) async throws {
        let common = try DecodedToken.decode(token).claims.common
        let change = Change(
          time: TestTime.seconds * 1000, kind: .adopt, subject: key, token: token, digest: token.digest, jti: common.jti, iat: common.iat,
          generation: 0, expires: common.exp, issuer: common.iss.text, actor: "test")
        _ = try await server.registry.store.submit(Proposal(subject: key) { _, _ in .append(change) })
      }
      let (expired, untrusted, odd) = (try TestAuthority.account(), try TestAuthority.account(), try TestAuthority.account())
      try await adopt(expired, try server.authority.account(expired, name: "expired") { $0.common.exp = TestTime.seconds - 5 })
      try await adopt(untrusted, try TestAuthority().account(untrusted, name: "untrusted"))
      try await adopt(odd, try server.authority.version1(odd, name: "odd", header: "{\"typ\":\"jwt\",\"alg\":\"ED25519\"}"))
      for status in ["expired", "untrusted"] { #expect(names(try await get("accounts?status=\(status)", server)) == [status]) }
      #expect(names(try await get("accounts?status=active", server)) == ["odd"])
      let one = try await get("accounts/\(expired)", server)
      #expect(one["issues"]?.elements?.compactMap { $0["description"]?.text } == ["claim is expired"])
      let strictness = try await get("accounts/\(odd)", server)["strictness"]?.elements ?? []
      let expectedStrictness = try VerifiedClaims.decode(try #require(server.registry.lookup(odd)?.token)).strictness
      #expect(strictness.compactMap(\.text) == expectedStrictness.map(\.description))
    }
  }

  @Test("history, the difference of versions, and the claims as of a time come from the log")
  func versions() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      for (second, connections) in [(Int64(0), Int64(5)), (1, 10)] {
        let token = try server.authority.account(key, iat: TestTime.seconds + second) { $0.limits.connections = Limit(connections) }
        _ = try await server.registry.push(token, by: .setup)
      }
      let records = try #require(try await get("accounts/\(key)/history", server)["records"]?.elements)
      #expect(records.compactMap { $0["kind"]?.text } == ["put", "put"])
      #expect(try await get("accounts/\(key)/history?limit=1", server)["records"]?.elements?.count == 1)
      let difference = try await get("accounts/\(key)/difference", server)
      let texts = difference["changes"]?.elements?.compactMap { $0["text"]?.text } ?? []
      #expect(texts.contains("connections: 5 → 10"), "\(texts)")
      #expect(difference["from"]?.integer == 1 && difference["to"]?.integer == 2)
      let back = try await get("accounts/\(key)/difference?from=2&to=1", server)
      #expect(back["changes"]?.elements?.contains { $0["text"]?.text == "connections: 10 → 5" } == true)
      #expect(try await get("accounts/\(key)/difference?from=9", server, status: 404)["type"]?.text?.hasSuffix("unknown_record") == true)
      let now = try await get("accounts/\(key)?at=\(TestTime.seconds)", server)
      #expect(now["record"]?["sequence"]?.integer == 2 && now["claims"]?["nats"]?["limits"]?["conn"]?.integer == 10)
      _ = try await get("accounts/\(key)?at=\(TestTime.seconds - 1)", server, status: 404)
      for time in ["yesterday", "1152921504606846976", "-9223372036854775808", "9223372036854775807w", "253402300800"] {
        _ = try await get("accounts/\(key)?at=\(time)", server, status: 400)
      }
      _ = try await get("accounts/\(key)?at=-62167219200", server, status: 404)
    }
  }

  @Test("an account's history has the activations that it granted, and they are no version of its claims")
  func activations() async throws {
    try await LiveServer.run { server in
      let exporter = try TestExporter()
      _ = try await server.registry.push(try exporter.claims(by: server.authority), by: .setup)
      _ = try await server.registry.pushActivation(try exporter.activation(for: try TestAuthority.account()), by: .setup)
      let records = try await get("accounts/\(exporter.account)/history", server)["records"]?.elements
      #expect(records?.compactMap { $0["kind"]?.text } == ["activation", "put"])
      let difference = try await get("accounts/\(exporter.account)/difference", server)
      #expect(difference["from"]?.integer == 1 && difference["to"]?.integer == 1 && difference["changes"]?.elements == [])
    }
  }

  @Test("what was served at a time, through changes, a deletion and its end")
  func asOf() async throws {
    let clock = SettableClock(TestTime.seconds)
    let authority = try TestAuthority()
    let folder = try TemporaryFolder()
    let store = try Store(.init(directory: folder.path), logger: .init(label: "test"))
    let registry = Registry(
      store: store, trust: TrustedOperators([try TrustedOperator(text: authority.token.text)]), clock: WallClock { clock.seconds * 1000 },
      metrics: MetricsRegistry(), signers: SeedsAtHand([authority.signing]), logger: .init(label: "test"))
    let key = try TestAuthority.account()
    for second in Int64(0)..<30 {
      clock.seconds = TestTime.seconds + 10 * second
      _ = try await registry.push(try authority.account(key, iat: TestTime.seconds + second), by: .setup)
    }
    clock.seconds = TestTime.seconds + 1000
    _ = try await registry.delete(try authority.deletion(of: [key], iat: TestTime.seconds + 1000), by: .setup)
    for (second, sequence) in [(-1, nil), (0, 1), (9, 1), (10, 2), (299, 30), (999, 30), (1000, 32), (5000, 32)] as [(Int64, Int64?)] {
      let record = try await registry.version(of: key, at: (TestTime.seconds + second) * 1000)
      #expect(record?.sequence == sequence, "\(second)")
      #expect(record?.change.kind == sequence.map { $0 > 30 ? .delete : .put })
    }
    await store.close()
  }

  @Test("operators are listed with their keys and the accounts that each signed")
  func operators() async throws {
    try await LiveServer.run { server in
      _ = try await server.stored()
      _ = try await server.stored()
      let key = try TestAuthority.account()
      _ = try await server.registry.push(try server.authority.account(key, signer: server.authority.identity), by: .setup)
      let identity = server.authority.identity.publicKey.text
      let list = try await get("operators", server)
      let one = try await get("operators/\(identity)", server)
      #expect(list["operators"]?.elements == [one])
      #expect(one["identity"]?["accounts"]?.integer == 1)
      #expect(one["signing_keys"]?.elements?.map { $0["accounts"]?.integer } == [2])
      #expect(list["other_issuers"]?.elements == [])
      _ = try await get("operators/\(server.authority.signing.publicKey.text)", server, status: 404)
    }
  }

  @Test("a rehearsal says what a push would do, with the difference, and does nothing")
  func dryRun() async throws {
    try await LiveServer.run(signing: AccountSigning(isLocal: true)) { server in
      let pair = try KeyPair.generate(.account)
      let key = try AccountKey(pair.publicKey)
      func rehearse(_ token: Token) async throws -> JSONValue {
        let answer = try await server.send(.POST, "/api/v1/accounts/\(key)?dry_run=true", body: token.text)
        #expect(answer.status == 200, "\(answer.body)")
        return try JSONReader().read(Array(answer.body.utf8))
      }
      let token = try server.authority.account(key) { $0.limits.connections = Limit(5) }
      let first = try await rehearse(token)
      #expect(first["result"]?.text == "stored" && first["changes"]?.isNull == true && first["problem"]?.isNull == true)
      #expect(server.registry.lookup(key) == nil)
      _ = try await server.registry.push(token, by: .setup)
      #expect(try await rehearse(token)["result"]?.text == "unchanged")
      let older = try await rehearse(try server.authority.account(key, iat: TestTime.seconds - 5))
      #expect(older["result"]?.text == "refused" && older["problem"]?["status"]?.integer == 409)
      #expect(older["changes"]?.elements?.isEmpty == false)
      let stranger = try await rehearse(try TestAuthority().account(key))
      #expect(stranger["result"]?.text == "refused" && stranger["problem"]?["title"]?.text == "untrusted issuer")
      let newer = try await rehearse(try server.authority.account(key, iat: TestTime.seconds + 1) { $0.limits.connections = Limit(10) })
      #expect(newer["changes"]?.elements?.contains { $0["text"]?.text == "connections: 5 → 10" } == true)
      let own = try await rehearse(try server.authority.account(key, name: "own", signer: pair))
      #expect(own["result"]?.text == "stored")
      #expect(own["changes"]?.elements?.contains { $0["text"]?.text?.hasPrefix("connections") == true } == false)
      #expect(server.registry.lookup(key)?.token == token && server.registry.store.lastSequence == 1)
    }
  }

  @Test("pushes are answered in JSON too, and refusals are problems")
  func pushes() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      let token = try server.authority.account(key)
      for result in ["stored", "unchanged"] {
        let answer = try await server.send(.POST, "/api/v1/accounts/\(key)", body: token.text)
        #expect(answer.status == 200)
        #expect(try JSONReader().read(Array(answer.body.utf8))["result"]?.text == result)
      }
      for (body, status) in [(try server.authority.account(key, iat: TestTime.seconds - 1).text, 409), ("x", 400), ("", 400)] {
        let answer = try await server.send(.POST, "/api/v1/accounts/\(key)", body: body)
        #expect(answer.status == status && answer.headers["content-type"] == ["application/problem+json"])
      }
      let large = try await server.send(.POST, "/api/v1/verify", body: String(repeating: "x", count: (1 << 20) + 1))
      #expect(large.status == 413 && large.headers["content-type"] == ["application/problem+json"])
    }
  }

  @Test("a token is judged without being stored")
  func verify() async throws {
    try await LiveServer.run { server in
      let key = try TestAuthority.account()
      for (token, isOK) in [(try server.authority.account(key), true), (try TestAuthority().account(key), false), (Token("a.b.c"), false)] {
        let answer = try await server.send(.POST, "/api/v1/verify", body: token.text + "\n")
        #expect(answer.status == 200)
        #expect(try JSONReader().read(Array(answer.body.utf8))["ok"]?.bool == isOK)
      }
      #expect(server.registry.accounts().isEmpty)
    }
  }

  @Test("paths and methods that are not there are problems below /api/, and the document lists all that are")
  func document() async throws {
    try await LiveServer.run { server in
      #expect(try await server.send(.GET, "/api/v1/nope").headers["content-type"] == ["application/problem+json"])
      let wrong = try await server.send(.PUT, "/api/v1/status")
      #expect(wrong.status == 405 && wrong.headers["allow"] == ["GET, HEAD, OPTIONS"])
      let document = try JSONReader().read(Array(try await server.send(.GET, "/api/openapi.json").body.utf8))
      let described = try #require(document["paths"]?.members).flatMap { path -> [String] in
        let methods = (path.value.members ?? []).map(\.name).filter { $0 != "parameters" }
        return methods.map { "\($0.uppercased()) \(path.name.replacing(/{[a-z]+}/, with: "*"))" }
      }
      let known = Routes.table(.everything).routes.filter { $0.key.hasPrefix("/api/v1/") }.flatMap { path, routes in
        routes.filter { $0.method != .head }.map { "\($0.method.rawValue) \(path)" }
      }
      #expect(described.sorted() == known.sorted())
    }
  }
}

/// A clock that a test sets.
private final class SettableClock: Sendable {
  private let state: Mutex<Int64>

  init(_ seconds: Int64) { state = Mutex(seconds) }

  var seconds: Int64 {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
