import AsyncHTTPClient
import Claims
import ClaimsHTTP
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// The HTTP door over a real store, on a free port of loopback, for the length of a test.
struct LiveServer: Sendable {
  let authority: TestAuthority
  let registry: Registry
  /// The log, which can be told to fail.
  let log: FaultyChangeLog
  let port: Int
  /// Asks the server to stop, as a signal does.
  let stop: @Sendable () async -> Void

  /// Runs `body` against a server that is stopped afterwards.
  static func run<Result: Sendable>(
    limits: HTTPLimits = HTTPLimits(), access: AccessPolicy = AccessPolicy(), now: Int64 = TestTime.seconds,
    signing: AccountSigning = AccountSigning(), tls: TLSIdentity? = nil,
    _ body: @escaping @Sendable (LiveServer) async throws -> Result
  ) async throws -> Result {
    let folder = try TemporaryFolder()
    let authority = try TestAuthority()
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let log = FaultyChangeLog(try SQLiteChangeLog(path: folder.path + "/log.sqlite"))
    let store = try Store(.init(directory: folder.path), openLog: { _, _ in log }, logger: logger)
    let metrics = MetricsRegistry()
    let registry = Registry(
      store: store, trust: TrustedOperators([try TrustedOperator(text: authority.token.text)]), clock: WallClock { now * 1000 },
      metrics: metrics, signers: SeedsAtHand([authority.signing]), signing: signing, logger: logger)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let server = ClaimsServer(
      address: .init(host: "127.0.0.1", port: 0), registry: registry, metrics: metrics, limits: limits, access: access, tls: tls,
      logger: logger,
      onListening: { listening.yield($0) })
    var configuration = ServiceGroupConfiguration(services: [server], logger: logger)
    // Longer than a client takes that reads megabytes while all other tests run: what is open then is cut.
    configuration.maximumGracefulShutdownDuration = .seconds(60)
    let group = ServiceGroup(configuration: configuration)
    let result = try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      guard let port = await ports.first(where: { _ in true }) else { throw NoPort() }
      let outcome: Swift.Result<Result, any Error>
      do {
        outcome = .success(
          try await body(
            LiveServer(authority: authority, registry: registry, log: log, port: port, stop: { await group.triggerGracefulShutdown() })))
      } catch {
        outcome = .failure(error)
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      return try outcome.get()
    }
    await store.close()
    return result
  }

  struct NoPort: Error {}

  /// An answer as a client sees it.
  struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: String
  }

  /// Sends a request and reads the whole answer.
  func send(
    _ method: HTTPMethod = .GET, _ path: String, body: String? = nil, headers: HTTPHeaders = [:]
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
    request.method = method
    request.headers = headers
    if let body { request.body = .bytes(ByteBuffer(string: body)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    let bytes = try await response.body.collect(upTo: 16 << 20)
    return Answer(status: Int(response.status.code), headers: response.headers, body: String(buffer: bytes))
  }

  /// Stores an account and gives its key and token.
  func stored(_ edit: (inout AccountClaims) -> Void = { _ in }) async throws -> (key: AccountKey, token: Token) {
    let key = try TestAuthority.account()
    let token = try authority.account(key, edit)
    _ = try await registry.push(token, by: .setup)
    return (key, token)
  }
}
