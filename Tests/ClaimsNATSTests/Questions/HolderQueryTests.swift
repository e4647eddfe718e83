import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("Which servers hold an account")
struct HolderQueryTests {
  private static func reply(_ account: String) -> [UInt8] {
    Array(#"{"server":{"name":"s1","id":"NA"},"data":{"server_id":"NA","account_detail":\#(account)}}"#.utf8)
  }

  private static let held = reply(#"{"expired":false,"decoded_jwt":{"nats":{"limits":{"conn":-1,"leaf":-1}}}}"#)

  @Test("is read from ACCOUNTZ: claims that are over, and closing claims, let nobody in")
  func replies() throws {
    let expected: [(account: String, isHeld: Bool)] = [
      (#"{"expired":false,"decoded_jwt":{"nats":{"limits":{"conn":-1,"leaf":-1}}}}"#, true),
      (#"{"expired":false,"decoded_jwt":{"nats":{"limits":{"conn":5}}}}"#, true),
      (#"{"expired":false,"decoded_jwt":{"nats":{"limits":{"leaf":5}}}}"#, true), (#"{"expired":false}"#, true), (#"{}"#, true),
      (#"{"expired":true,"decoded_jwt":{"nats":{"limits":{"conn":-1,"leaf":-1}}}}"#, false),
      (#"{"expired":false,"decoded_jwt":{"nats":{"limits":{}}}}"#, false), ("null", false),
    ]
    for (account, isHeld) in expected {
      let reply = try #require(HolderReply(InboxMessage(token: "", payload: Self.reply(account))))
      #expect(reply.server == "s1 (NA)")
      #expect(reply.isHeld == isHeld, "\(account)")
    }
    let unknown = #"{"server":{"name":"NB","id":"NB"},"data":null,"error":{"code":500,"description":"Account A does not exist"}}"#
    let reply = try #require(HolderReply(InboxMessage(token: "", payload: Array(unknown.utf8))))
    #expect(reply.server == "NB")
    #expect(!reply.isHeld)
    for payload in ["", "x", "[]", #"{"server":{}}"#] { #expect(HolderReply(InboxMessage(token: "", payload: Array(payload.utf8))) == nil) }
    #expect(HolderReply(InboxMessage(token: "", payload: Self.held, isNoResponders: true)) == nil)
  }

  private func bridge(_ connection: ScriptedConnection) async throws -> BridgeUnderTest {
    let connector = ScriptedConnector([.connect(connection)])
    let bridge = try BridgeUnderTest(TestAuthority(), options: NATSOptions(servers: ["nats://a"]), connector: connector)
    try await bridge.waitUntilConnected()
    return bridge
  }

  @Test("every server that answers is heard, each question by itself")
  func asked() async throws {
    let accounts = [try TestAuthority.account(), try TestAuthority.account()]
    let connection = ScriptedConnection(reply: { question in
      String(decoding: question.payload, as: UTF8.self).contains(accounts[0].text)
        ? [Self.held, Array(#"{"server":{"name":"s2","id":"NB"},"data":null}"#.utf8)] : [Self.reply("null")]
    })
    let bridge = try await bridge(connection)
    #expect(await bridge.registry.held.ask(accounts) == .asked([accounts[0]: ["s1 (NA)"], accounts[1]: []]))
    #expect(connection.questions.map(\.subject) == Array(repeating: "$SYS.REQ.SERVER.PING.ACCOUNTZ", count: 2))
    #expect(connection.questions.map { String(decoding: $0.payload, as: UTF8.self) } == accounts.map { #"{"account":"\#($0)"}"# })
    try await bridge.stop()
  }

  @Test("of more replies than there is room for nobody concludes that no server holds an account")
  func tooMuch() async throws {
    let accounts = (0..<3).compactMap { _ in try? TestAuthority.account() }
    let filler = [UInt8](repeating: 0, count: Inquiry.mostBytes - 10)
    let connection = ScriptedConnection(reply: { question in
      let text = String(decoding: question.payload, as: UTF8.self)
      return text.contains(accounts[0].text) ? [filler, Self.held] : [text.contains(accounts[1].text) ? Self.held : Self.reply("null")]
    })
    let bridge = try await bridge(connection)
    #expect(await bridge.registry.held.ask(accounts) == .asked([accounts[1]: ["s1 (NA)"], accounts[2]: []]))
    try await bridge.stop()
  }

  @Test("servers that say nothing are no answer, and nobody waits for them for ever")
  func silent() async throws {
    let bridge = try await bridge(ScriptedConnection())
    #expect(try await bridge.registry.held.ask([TestAuthority.account()]) == .notAsked("no nats-server answered"))
    try await bridge.stop()
  }

  @Test("without a connection nothing is asked")
  func away() async throws {
    let connector = ScriptedConnector([.fail(.of(.unreachable))])
    let bridge = try BridgeUnderTest(TestAuthority(), options: NATSOptions(servers: ["nats://a"]), connector: connector)
    #expect(try await bridge.registry.held.ask([TestAuthority.account()]) == .notAsked("there is no connection to NATS"))
    try await bridge.stop()
  }

  @Test("an inquiry is over when the servers are quiet, or after two seconds, or when it did not go out")
  func ends() {
    let start = ContinuousClock.now
    let message = InboxMessage(token: "", payload: [])
    var inquiry = Inquiry(questions: 1, at: start)
    #expect(!inquiry.isOver(at: start + .milliseconds(1999)))
    #expect(inquiry.isOver(at: start + .seconds(2)))
    inquiry.published(at: start)
    inquiry.note(message, to: 0, at: start + .milliseconds(400))
    inquiry.note(message, to: 1, at: start + .milliseconds(450))
    #expect(!inquiry.isOver(at: start + .milliseconds(899)))
    #expect(inquiry.isOver(at: start + .milliseconds(900)))
    #expect(inquiry.replies == [[message]])
    inquiry.fail(.of(.closed))
    #expect(inquiry.isOver(at: start))
  }

  @Test("closing claims that are over when NATS comes back are announced anew")
  func renewed() async throws {
    let authority = try TestAuthority()
    let account = try TestAuthority.account()
    let gate = Gate()
    let connection = ScriptedConnection()
    let connector = ScriptedConnector([.hang(gate, connection)])
    let bridge = try BridgeUnderTest(
      authority, options: NATSOptions(servers: ["nats://a"]), connector: connector, signers: SeedsAtHand([authority.signing]))
    _ = try await bridge.registry.push(authority.account(account, iat: TestTime.seconds), by: .setup)
    // The bridge's clock says 200: these are over in ten seconds, sooner than servers could be told in comfort.
    let given = try ClosingClaims(of: account, iat: TestTime.seconds + 1, expires: TestTime.seconds + 210, signer: authority.signing)
    _ = try await bridge.registry.delete(
      authority.deletion(of: [account], iat: TestTime.seconds + 1), closing: given.token, by: .setup)
    gate.open()
    try await eventually("the log is done with") { try await bridge.cursor() == 5 }
    for publication in connection.published {
      let claims = try VerifiedClaims.decode(Token(publication.payload)).claims
      #expect(claims.common.exp == TestTime.seconds + 260)
      #expect(claims.account?.limits.connections == .zero)
    }
    #expect(!connection.published.isEmpty)
    #expect(try await bridge.registry.history(of: account).map(\.change.kind) == [.delete, .close, .delete, .close, .put])
    try await bridge.stop()
  }
}
