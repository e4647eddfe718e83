import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Logging
import Testing

@testable import ClaimsNATS

@Suite("The bridge over a scripted connection")
struct ScriptedBridgeTests {
  private func bridge(_ steps: [ScriptedConnector.Step], servers: [String] = ["nats://a"]) throws -> (BridgeUnderTest, ScriptedConnector) {
    let connector = ScriptedConnector(steps)
    return (try BridgeUnderTest(TestAuthority(), options: NATSOptions(servers: servers), connector: connector), connector)
  }

  @Test("what a server did not confirm is announced again over the next connection, and only then is the cursor saved")
  func unconfirmed() async throws {
    let first = ScriptedConnection([.fail(.of(.timeout))])
    let gate = Gate()
    let second = ScriptedConnection()
    let (bridge, _) = try bridge([.connect(first), .hang(gate, second)])
    let token = try await bridge.push(TestAuthority.account())
    try await eventually("the first connection is closed") { first.isClosed }
    #expect(first.published.map(\.payload) == [token.bytes])
    #expect(try await bridge.cursor() == 0)
    gate.open()
    try await eventually("the cursor is saved") { try await bridge.cursor() == 1 }
    #expect(second.published.map(\.payload) == [token.bytes])
    #expect(bridge.announcements("failed") == 1)
    #expect(bridge.announcements("published") == 1)
    try await bridge.stop()
    #expect(second.isClosed)
  }

  @Test("an announcement goes to the account's subject, and its replies can be told apart")
  func subject() async throws {
    let connection = ScriptedConnection()
    let (bridge, _) = try bridge([.connect(connection)])
    let accounts = [try TestAuthority.account(), try TestAuthority.account()]
    for account in accounts { try await bridge.push(account) }
    try await eventually("announced") { connection.published.count == 2 }
    #expect(connection.published.map(\.subject) == accounts.map { "$SYS.ACCOUNT.\($0).CLAIMS.UPDATE" })
    let refusal =
      #"{"server":{"name":"beta","id":"NB"},"error":{"code":500,"description":"jwt update resulted in error - account validation failed"}}"#
    connection.tell(.message(InboxMessage(token: connection.published[1].replyToken ?? "", payload: Array(refusal.utf8))))
    try await eventually("the refusal is told") {
      bridge.log.lines(from: .warning).contains {
        $0.contains("account validation failed") && $0.contains("\(accounts[1])") && $0.contains("beta")
      }
    }
    #expect(bridge.announcements("refused") == 1)
    try await bridge.stop()
  }

  @Test("servers are tried in turn for ever, and the first that answers is used")
  func turns() async throws {
    let connection = ScriptedConnection()
    let failures = Array(repeating: ScriptedConnector.Step.fail(.of(.unauthorized)), count: 7)
    let (bridge, connector) = try bridge(failures + [.connect(connection)], servers: ["nats://a", "nats://b", "nats://c"])
    try await bridge.waitUntilConnected()
    #expect(connector.attempts.map(\.host) == ["a", "b", "c", "a", "b", "c", "a", "b"])
    #expect(bridge.bridge.status == .connected(ServerIdentity(url: "nats://b:4222", id: "NSCRIPTED")))
    try await bridge.stop()
  }

  @Test("a lost connection is closed and replaced; what an old connection tells late changes nothing")
  func late() async throws {
    let first = ScriptedConnection()
    let second = ScriptedConnection()
    let (bridge, connector) = try bridge([.connect(first), .connect(second)])
    try await bridge.waitUntilConnected()
    first.tell(.closed(.of(.closed)))
    try await eventually("it is replaced") { first.isClosed && connector.attempts.count == 2 && bridge.bridge.status.isConnected }
    first.tell(.closed(.of(.closed)))
    try await bridge.push(TestAuthority.account())
    try await eventually("announced") { second.published.count == 1 }
    #expect(!second.isClosed)
    try await bridge.stop()
  }

  @Test("a server that does not answer a flush does not hold up the stop, and the cursor stays")
  func hangingFlush() async throws {
    let connection = ScriptedConnection([.hang])
    let (bridge, _) = try bridge([.connect(connection)])
    try await bridge.push(TestAuthority.account())
    try await eventually("it is under way") { connection.published.count == 1 }
    try await bridge.stopBridge()
    #expect(connection.isClosed)
    #expect(try await bridge.cursor() == 0)
    await bridge.store.close()
  }

  @Test("an attempt that hangs does not hold up the stop, and its connection is closed when it comes")
  func hangingAttempt() async throws {
    let gate = Gate()
    let connection = ScriptedConnection()
    let (bridge, connector) = try bridge([.hang(gate, connection)])
    try await eventually("it is tried") { connector.attempts.count == 1 }
    try await bridge.stop()
    #expect(!connection.isClosed)
    gate.open()
    try await eventually("it is closed") { connection.isClosed }
  }

  @Test("a user of another account keeps everything waiting, and says why")
  func foreign() async throws {
    let connection = ScriptedConnection(answersPing: false)
    let (bridge, _) = try bridge([.connect(connection)])
    try await bridge.push(TestAuthority.account())
    try await eventually("told") { !bridge.warnings(.nats).isEmpty && !bridge.bridge.status.isConnected && connection.published.isEmpty }
    try await eventually("the reason is the account") { bridge.warnings(.nats).joined().contains("does not belong to the system account") }
    #expect(try await bridge.cursor() == 0)
    try await bridge.stop()
  }

  @Test("adopted claims and tombstones are not announced, and do not come again")
  func adopted() async throws {
    let authority = try TestAuthority()
    let account = try TestAuthority.account()
    let folder = try TemporaryFolder()
    try folder.write(authority.account(account).text, to: "\(account).jwt")
    let connection = ScriptedConnection()
    let bridge = try BridgeUnderTest(
      authority, options: NATSOptions(servers: ["nats://a"]), folder: folder, connector: ScriptedConnector([.connect(connection)]))
    try await bridge.registry.adoptDirectory()
    _ = try await bridge.registry.delete(authority.deletion(of: [account], iat: TestTime.seconds + 1), by: .setup)
    try await eventually("both are passed") { try await bridge.cursor() == 2 }
    #expect(connection.published.isEmpty)
    try await bridge.stop()
  }

  @Test("servers are asked about no more accounts in a second than the budget allows")
  func budget() async throws {
    let accounts = try (0..<10).map { _ in try TestAuthority.account().text }
    let list = #"{"server":{"id":"NA","name":"s1"},"data":{"accounts":["\#(accounts.joined(separator: "\",\""))"]}}"#
    let connection = ScriptedConnection(reply: { $0.payload.isEmpty ? [Array(list.utf8)] : [] })
    var options = NATSOptions(servers: ["nats://a"])
    options.reconcileBudget = 2
    let start = ContinuousClock.now
    let bridge = try BridgeUnderTest(TestAuthority(), options: options, connector: ScriptedConnector([.connect(connection)]))
    try await eventually("all were asked about") { Set(connection.questions.map(\.payload)).count == accounts.count }
    // Two at once, then two a second.
    #expect(start.duration(to: .now) >= .milliseconds(3500))
    try await bridge.stop()
  }

  @Test("without a URL that can be used it says so, and waits for its end")
  func noServer() async throws {
    let (bridge, connector) = try bridge([.fail(.of(.unreachable))], servers: ["ws://nowhere"])
    try await bridge.push(TestAuthority.account())
    #expect(bridge.bridge.status.description.contains("no nats-server is configured"))
    #expect(bridge.log.lines(from: .warning).contains { $0.contains("ws://nowhere") })
    #expect(connector.attempts.isEmpty)
    try await bridge.stop()
  }
}
