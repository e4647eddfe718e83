import Claims
import ClaimsTestSupport

/// A client of the system account that hears every announcement.
struct Watcher: Sendable {
  private let client: NATSClient

  init(_ server: NATSServer, _ organisation: Organisation) async throws {
    client = try await NATSClient(server, credentials: organisation.systemCredentials())
    try await client.subscribe("$SYS.ACCOUNT.*.CLAIMS.UPDATE")
  }

  /// What was announced of an account, in order.
  func announcements(of account: AccountKey) throws -> [PythonClients.Event] {
    try client.messages.filter { $0.subject == "$SYS.ACCOUNT.\(account).CLAIMS.UPDATE" }
  }

  /// How many announcements there were.
  var count: Int {
    get throws { try client.messages.count }
  }

  /// Waits until a token was announced.
  func hears(_ token: Token, of account: AccountKey) async throws {
    try await eventually("the announcement of \(account)") { try announcements(of: account).contains { $0.text == token.text } }
  }
}
