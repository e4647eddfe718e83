import Claims
import ClaimsTestSupport
import Nkeys
import Testing

/// The usual arrangement: nats-claims, a nats-server that resolves accounts from it, and changes announced to that server.
struct Deployment: Sendable {
  let organisation: Organisation
  let claims: ServerUnderTest
  let server: NATSServer

  /// Starts both; they have found each other then. `hasKeys` gives the program the operator's signing key, `extra` the nats-server more
  /// configuration.
  init(_ version: NATSServerVersion, hasKeys: Bool = false, extra: String = "") async throws {
    organisation = try Organisation()
    let port = try ReservedPort()
    server = try NATSServer(version, organisation, resolver: .url(port: port.number), extra: extra)
    var options = try ServerUnderTest.Options(organisation)
      .announcing(to: server, as: organisation.systemCredentials())
    options.reserved = port
    if hasKeys { options.extra = ["--keys", try organisation.keyStore()] }
    claims = try await ServerUnderTest(options)
    try await server.start()
    try await claims.isConnected()
  }

  /// A new account whose claims are stored.
  func account() async throws -> TestAccount {
    let account = try TestAccount(of: organisation)
    try await store(account.token(), of: account)
    return account
  }

  /// Pushes a token that must be taken.
  func store(_ token: Token, of account: TestAccount) async throws {
    try await claims.store(token, of: account)
  }

  /// A client of an account, connected.
  func client(of account: TestAccount) async throws -> NATSClient {
    try await NATSClient(server, credentials: account.credentials())
  }

  /// Waits until a client is closed, with an error of the server.
  func isDropped(_ client: NATSClient, with error: String) async throws {
    var farewell: String?
    try await eventually("the client is dropped") {
      farewell = try client.farewell
      return farewell != nil
    }
    #expect(farewell?.lowercased().contains(error.lowercased()) == true, "the client was dropped with \(farewell ?? "")")
  }
}
