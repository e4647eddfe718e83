import AsyncHTTPClient
import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

@testable import ClaimsHTTP

@Suite("Who may do what") struct AccessTests {
  private static let secret = "a-secret-of-the-test"

  /// What a client shows.
  private enum Shown: CaseIterable {
    case nothing
    case token
    case tokenInOtherCase
    case wrongToken
    case longerToken
    case otherScheme
    case certificate
    case certificateAndWrongToken
    case nothingFromElsewhere
    case tokenFromElsewhere
    case certificateFromElsewhere

    var field: String? {
      switch self {
      case .nothing, .certificate, .nothingFromElsewhere, .certificateFromElsewhere: nil
      case .token, .tokenFromElsewhere: "Bearer \(AccessTests.secret)"
      case .tokenInOtherCase: "bEARER  \(AccessTests.secret)"
      case .wrongToken, .certificateAndWrongToken: "Bearer another-secret-of-it"
      case .longerToken: "Bearer \(AccessTests.secret)x"
      case .otherScheme: "Basic \(AccessTests.secret)"
      }
    }

    var hasToken: Bool { field?.lowercased().hasPrefix("bearer") == true }
    var hasRightToken: Bool { [.token, .tokenInOtherCase, .tokenFromElsewhere].contains(self) }
    var hasCertificate: Bool { [.certificate, .certificateAndWrongToken, .certificateFromElsewhere].contains(self) }
    /// Whether the request names another machine than this one, as through a proxy.
    var isFromElsewhere: Bool { [.nothingFromElsewhere, .tokenFromElsewhere, .certificateFromElsewhere].contains(self) }

    /// Whether this is enough.
    func meets(_ requirement: AccessRequirement) -> Bool {
      switch requirement {
      case .open: true
      case .token: hasRightToken
      case .certificate: hasCertificate
      case .either: hasRightToken || hasCertificate
      case .local: !isFromElsewhere || hasRightToken || hasCertificate
      }
    }
  }

  /// A request, and what it does.
  private struct Route {
    let method: HTTPMethod
    let path: String
    let actions: [AccessAction]

    static func all(_ account: String) -> [Route] {
      let path = "/jwt/v1/accounts/\(account)"
      return [
        Route(method: .GET, path: path, actions: [.lookups]), Route(method: .HEAD, path: path, actions: [.lookups]),
        Route(method: .GET, path: path + "?text=true", actions: [.lookups]),
        Route(method: .GET, path: path + "?notify=true", actions: [.lookups, .pushes]),
        Route(method: .GET, path: "/jwt/v1/accounts/", actions: [.lookups]), Route(method: .POST, path: path, actions: [.pushes]),
        Route(method: .POST, path: path + "?notify=true", actions: [.pushes]), Route(method: .DELETE, path: path, actions: [.deletes]),
        Route(method: .POST, path: "/jwt/v1/activations", actions: [.pushes]),
        Route(method: .GET, path: "/jwt/v1/activations/HASH", actions: [.lookups]),
        Route(method: .GET, path: "/jwt/v1/pack", actions: [.packs]), Route(method: .GET, path: "/metrics", actions: [.metrics]),
        Route(method: .GET, path: "/healthz", actions: []), Route(method: .GET, path: "/readyz", actions: []),
        Route(method: .GET, path: "/jwt/v1/operator", actions: []), Route(method: .GET, path: "/jwt/v2/operator", actions: []),
        Route(method: .GET, path: "/jwt/v1/accounts", actions: [.lookups]), Route(method: .GET, path: "/jwt/v1/help", actions: []),
        Route(method: .GET, path: "/jwt/v1/operators/KEY", actions: []), Route(method: .GET, path: "/api/openapi.json", actions: []),
        Route(method: .GET, path: "/api/v1/accounts/\(account)", actions: [.lists]),
        Route(method: .POST, path: "/api/v1/accounts/\(account)", actions: [.lists, .pushes]),
        Route(method: .POST, path: "/api/v1/accounts/\(account)?dry_run=true", actions: [.lists, .pushes]),
        Route(method: .GET, path: "/api/v1/accounts/\(account)/history", actions: [.lists]),
        Route(method: .GET, path: "/api/v1/accounts/\(account)/difference", actions: [.lists]),
        Route(method: .GET, path: "/api/v1/accounts/\(account)/clients", actions: [.lists]),
        Route(method: .GET, path: "/api/v1/servers", actions: [.lists]),
        Route(method: .GET, path: "/api/v1/operators", actions: [.lists]),
        Route(method: .GET, path: "/api/v1/operators/KEY", actions: [.lists]),
        Route(method: .GET, path: "/api/v1/accounts", actions: [.lists]), Route(method: .GET, path: "/api/v1/status", actions: [.lists]),
        Route(method: .POST, path: "/api/v1/verify", actions: [.lists]),
      ]
    }
  }

  @Test("no route is missing in the matrix, and each is bound to the rights that it says")
  func matrixIsWhole() {
    var seen: [String: Set<String>] = [:]
    let table = Routes.table(.everything)
    for route in Route.all("KEY") {
      let pattern = table.pattern(of: String(route.path.prefix { $0 != "?" }))
      seen[pattern, default: []].insert(route.method.rawValue)
      let bound = table.routes[pattern]?.first { $0.method.rawValue == route.method.rawValue }
      // What a query adds is not the table's.
      let actions = route.path.contains("notify") && route.method == .GET ? [.lookups] : route.actions
      #expect(bound != nil && bound?.actions == actions, "\(route.method) \(route.path)")
    }
    for (pattern, routes) in table.routes {
      // What HEAD needs is what GET needs.
      let methods = Set(routes.map(\.method.rawValue)).subtracting(["HEAD"])
      #expect(methods == seen[pattern]?.subtracting(["HEAD"]), "\(pattern)")
    }
  }

  @Test(
    "every route, with every setting of every right, for everything that a client can show", arguments: AccessAction.allCases,
    AccessRequirement.allCases)
  func matrix(_ guarded: AccessAction, _ requirement: AccessRequirement) async throws {
    let policy = AccessPolicy([guarded: requirement], tokens: try BearerTokens(text: "# the test's\n\n  \(Self.secret)  \n"))
    let certificates = try TestCertificates()
    let tls = try TLSIdentity(
      TLSFiles(
        certificate: certificates.server, key: certificates.serverKey, clientAuthority: certificates.authority,
        clientCertificates: .optional))
    try await LiveServer.run(access: policy, tls: tls) { server in
      let account = try TestAuthority.account()
      for hasCertificate in [false, true] {
        try await Self.withClient(certificates, showing: hasCertificate) { client in
          for route in Route.all(account.text) {
            for shown in Shown.allCases where shown.hasCertificate == hasCertificate {
              try await Self.check(route, shown, client, server, { $0 == guarded ? requirement : $0 == .lists ? .local : .open })
            }
          }
        }
      }
    }
  }

  private static func check(
    _ route: Route, _ shown: Shown, _ client: HTTPClient, _ server: LiveServer, _ requirement: (AccessAction) -> AccessRequirement
  ) async throws {
    var request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)\(route.path)")
    request.method = route.method
    if let field = shown.field { request.headers.add(name: "Authorization", value: field) }
    if shown.isFromElsewhere { request.headers.add(name: "Host", value: "claims.example") }
    if route.method == .POST || route.method == .DELETE { request.body = .bytes(ByteBuffer(string: "no token")) }
    let response = try await client.execute(request, timeout: .seconds(60))
    _ = try await response.body.collect(upTo: 1 << 20)
    let missing = route.actions.map(requirement).first { !shown.meets($0) }
    let comment: Comment = "\(route.method) \(route.path) \(shown): \(response.status), missing \(missing.map { "\($0)" } ?? "nothing")"
    switch missing {
    case nil: #expect(![.unauthorized, .forbidden].contains(response.status), comment)
    case .certificate: #expect(response.status == .forbidden, comment)
    default:
      #expect(response.status == .unauthorized, comment)
      let challenge = response.headers.first(name: "WWW-Authenticate")
      #expect(challenge?.hasPrefix("Bearer realm=") == true && challenge?.contains("invalid_token") == shown.hasToken, comment)
    }
  }

  /// Lends a client that trusts the test's authority, with a certificate of it or without one.
  private static func withClient(
    _ certificates: TestCertificates, showing hasCertificate: Bool, _ body: (HTTPClient) async throws -> Void
  ) async throws {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .file(certificates.authority)
    if hasCertificate {
      tls.certificateChain = try NIOSSLCertificate.fromPEMFile(certificates.client).map { .certificate($0) }
      tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificates.clientKey, format: .pem))
    }
    let client = HTTPClient(
      eventLoopGroupProvider: .singleton, configuration: .init(tlsConfiguration: tls, redirectConfiguration: .disallow))
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await body(client))
    } catch {
      outcome = .failure(error)
    }
    try await client.shutdown()
    try outcome.get()
  }

  @Test("a push that is let in is stored, and one that is not changes nothing")
  func pushes() async throws {
    let policy = AccessPolicy([.pushes: .token], tokens: try BearerTokens(text: Self.secret))
    try await LiveServer.run(access: policy) { server in
      let account = try TestAuthority.account()
      let token = try server.authority.account(account)
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/jwt/v1/accounts/\(account)")
      request.method = .POST
      request.body = .bytes(ByteBuffer(bytes: token.bytes))
      #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(60)).status == .unauthorized)
      #expect(try server.registry.current(account) == nil)
      request.headers.add(name: "Authorization", value: "Bearer \(Self.secret)")
      #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(60)).status == .ok)
      #expect(try server.registry.current(account)?.token == token)
    }
  }

  @Test("pages of other origins may read answers where they are named, and nowhere else", arguments: ["/jwt/v1/pack", "account"])
  func origins(_ path: String) async throws {
    let policy = AccessPolicy([.packs: .token], tokens: try BearerTokens(text: Self.secret), origins: ["https://console.example"])
    try await LiveServer.run(access: policy) { server in
      let account = try TestAuthority.account()
      _ = try await server.registry.push(server.authority.account(account), by: .setup)
      func send(_ method: HTTPMethod, _ fields: [(String, String)]) async throws -> HTTPClientResponse {
        let path = path == "account" ? "/jwt/v1/accounts/\(account)" : path
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)\(path)")
        request.method = method
        request.headers.add(contentsOf: .init(fields))
        return try await HTTPClient.shared.execute(request, timeout: .seconds(60))
      }
      let token = ("Authorization", "Bearer \(Self.secret)")
      let named = try await send(.GET, [("Origin", "https://console.example"), token])
      #expect(named.status == .ok && named.headers["Access-Control-Allow-Origin"] == ["https://console.example"])
      #expect(named.headers["Vary"] == ["Origin"])
      for fields in [[("Origin", "https://other.example"), token], [token]] {
        let answer = try await send(.GET, fields)
        #expect(answer.status == .ok && answer.headers["Access-Control-Allow-Origin"].isEmpty)
        #expect(answer.headers["Vary"] == ["Origin"])
      }
      let ask = ("Access-Control-Request-Method", "POST")
      let preflight = try await send(.OPTIONS, [("Origin", "https://console.example"), ask])
      #expect(preflight.status == .noContent)
      #expect(preflight.headers["Access-Control-Allow-Headers"].first?.contains("Authorization") == true)
      let refused = try await send(.OPTIONS, [("Origin", "https://other.example"), ask])
      #expect(refused.status == .forbidden)
    }
    try await LiveServer.run { server in
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/jwt/v1/pack")
      request.headers.add(name: "Origin", value: "https://console.example")
      let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
      #expect(answer.headers["Access-Control-Allow-Origin"].isEmpty)
    }
  }

  @Test("tokens that are taken away are not known any more")
  func changed() throws {
    let policy = AccessPolicy([.metrics: .token], tokens: try BearerTokens(text: "first-secret-of-all\nsecond-secret-of-all"))
    #expect(policy.decide(.metrics, token: "second-secret-of-all", hasCertificate: false, isLocal: false) == .allowed)
    policy.set(try BearerTokens(text: "first-secret-of-all"))
    #expect(policy.decide(.metrics, token: "second-secret-of-all", hasCertificate: false, isLocal: false) == .wrongToken)
    #expect(policy.decide(.metrics, token: "first-secret-of-all", hasCertificate: false, isLocal: false) == .allowed)
  }

  @Test(
    "a certificate does where it is asked for, and only there",
    arguments: [
      (AccessRequirement.open, true), (.token, false), (.certificate, true), (.either, true), (.local, true),
    ])
  func certificates(_ requirement: AccessRequirement, _ isEnough: Bool) {
    let decision = AccessPolicy([.pushes: requirement]).decide(.pushes, token: nil, hasCertificate: true, isLocal: false)
    #expect((decision == .allowed) == isEnough)
  }

  @Test("what is for this machine asks nothing of requests from here and for here, and a token of others")
  func local() async throws {
    let policy = AccessPolicy(tokens: try BearerTokens(text: Self.secret))
    try await LiveServer.run(access: policy) { server in
      for (fields, status) in [
        (["Host": "127.0.0.1"], 200), (["Host": "localhost:\(server.port)"], 200), (["Host": "LOCALHOST"], 200),
        (["Host": "[::1]:80"], 200),
        (["Host": "claims.example"], 401), (["Host": "127.0.0.1.example"], 401), (["Host": "[::1].example"], 401), (["Host": ""], 401),
        (["Host": "10.0.0.1"], 401),
        (["Host": "localhost", "X-Forwarded-For": "10.0.0.1"], 401), (["Host": "localhost", "Forwarded": "for=x"], 401),
        (["Host": "localhost", "Via": "1.1 x"], 401),
        (["Host": "localhost", "X-Forwarded-Proto": "https"], 401), (["Host": "localhost", "Sec-Fetch-Site": "cross-site"], 401),
        (["Host": "localhost", "Sec-Fetch-Site": "same-origin"], 200), (["Host": "localhost", "Origin": "https://evil.example"], 401),
        (["Host": "localhost:1", "Origin": "http://localhost:1"], 200), (["Host": "localhost:1", "Origin": "null"], 401),
        (["Host": "claims.example", "Authorization": "Bearer \(Self.secret)"], 200),
        (["Host": "claims.example", "Authorization": "Bearer of-something-else"], 401),
      ] as [([String: String], Int)] {
        let lines = ["GET /api/v1/status HTTP/1.1"] + fields.map { "\($0.key): \($0.value)" } + ["Connection: close", "", ""]
        let received = try await RawConnection.open(server.port) { connection in
          try await connection.send(lines.joined(separator: "\r\n"))
          return await connection.receiveAll()
        }
        #expect(GoldenAnswer(received: received)?.status == status, "\(fields)")
      }
    }
    let others = AccessPolicy([.pushes: .local])
    #expect(others.decide(.pushes, token: nil, hasCertificate: false, isLocal: false) == .missing(.local))
    #expect(others.decide(.pushes, token: nil, hasCertificate: false, isLocal: true) == .allowed)
  }

  @Test(
    "files that hold no tokens are refused",
    arguments: ["", "# only this", "tooshort", "long-enough-but with space", "öäü-öäü-öäü-öäü-öäü"])
  func badFiles(_ text: String) {
    #expect(throws: AccessError.self) { try BearerTokens(text: text) }
  }
}
