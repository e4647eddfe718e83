import Claims
import ClaimsTestSupport
import Foundation
import TestSupport

/// Two servers of ours on one system account, each with a directory of its own, and the nats-server between them.
struct Twins: Sendable {
  let organisation: Organisation
  let server: NATSServer
  let first: ServerUnderTest
  let second: ServerUnderTest

  /// Starts everything; both are connected then. Without a resolver of its own the nats-server asks the first of them over HTTP; `foreigner` is
  /// another operator that the second one trusts too, and `hasKeys` gives both the operator's signing key.
  init(
    _ version: NATSServerVersion, organisation given: Organisation? = nil, resolver: NATSServer.Resolver? = nil,
    foreigner: Organisation? = nil, hasKeys: Bool = false
  ) async throws {
    organisation = try given ?? Organisation()
    let port = try ReservedPort()
    server = try NATSServer(version, organisation, resolver: resolver ?? .url(port: port.number))
    var options = try ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials())
    options.environment = ["NATS_CLAIMS_NATS_RECONCILEINTERVAL": "500ms"]
    if hasKeys { options.extra = ["--keys", try organisation.keyStore()] }
    var others = options
    options.reserved = port
    first = try await ServerUnderTest(options)
    others.directory = try organisation.directory()
    if let foreigner { others.operatorFiles.append(foreigner.operatorFile) }
    second = try await ServerUnderTest(others)
    try await server.start()
    for twin in both { try await twin.isConnected() }
  }

  var both: [ServerUnderTest] { [first, second] }

  /// Waits until both serve exactly this token.
  func serve(_ token: Token, of account: AccountKey) async throws {
    for (name, twin) in [("first", first), ("second", second)] {
      try await eventually("the \(name) serves the token") { try await twin.http.account(account).body == token.bytes }
    }
  }

  /// Deletes an account at one of them.
  func delete(_ account: AccountKey, at twin: ServerUnderTest) async throws {
    let deletion = try organisation.authority.deletion(of: [account], iat: Organisation.now)
    let answer = try await twin.http.send("DELETE", HTTPClient.path(account), body: deletion.bytes)
    guard answer.status == 200 else { throw SetupError("a deletion was refused: \(answer.status) \(answer.text)") }
  }

  /// Somebody who hears what they tell each other.
  func listener() async throws -> Listener { try await Listener(self) }

  /// A client of the system account that hears what servers of ours tell each other.
  struct Listener: Sendable {
    private let client: NATSClient

    fileprivate init(_ twins: Twins) async throws {
      client = try await NATSClient(twins.server, credentials: twins.organisation.systemCredentials())
      try await client.subscribe("NATS_CLAIMS.>")
    }

    /// How often anybody told the hash of its state.
    var beacons: Int { get throws { try client.messages.count { $0.subject == "NATS_CLAIMS.STATE" } } }

    /// How often anybody asked what differs.
    var questions: Int { get throws { try client.messages.count { $0.subject != "NATS_CLAIMS.STATE" } } }

    /// Waits until both tell the same hash, and then for so many beacons more.
    ///
    /// - Returns: how many questions were asked meanwhile.
    func questions(during count: Int) async throws -> Int {
      let start = try beacons
      try await eventually("both tell the same hash") {
        let told = try client.messages.filter { $0.subject == "NATS_CLAIMS.STATE" }.dropFirst(start).map { Self.words($0.text) }
        let last = Dictionary(told) { $1 }
        return last.count == 2 && Set(last.values).count == 1
      }
      let (questions, beacons) = (try questions, try beacons)
      try await eventually("the beacons go on") { try self.beacons >= beacons + count }
      return try self.questions - questions
    }

    private static func words(_ text: String) -> (String, String) {
      let words = text.split(separator: " ").map(String.init)
      return (words.first ?? "", words.last ?? "")
    }
  }
}
