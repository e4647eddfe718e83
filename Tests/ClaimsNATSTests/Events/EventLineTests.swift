import Claims
import ClaimsTestSupport
import Nkeys
import Testing

@testable import ClaimsNATS

@Suite("Events as commands print them")
struct EventLineTests {
  /// An event of a server whose accounts stand in its configuration.
  private static func event(_ subject: String, _ members: String) throws -> SystemEvent {
    let body = #"{"id":"i1","timestamp":"2026-11-22T09:15:18Z","server":{"name":"s1","id":"N1","ver":"2.9.10"},\#(members)}"#
    return try #require(SystemEvent(NATSMessage(subject: subject, payload: Array(body.utf8))))
  }

  @Test("plain account names are shown as they are")
  func plainNames() throws {
    let event = try Self.event(
      "$SYS.ACCOUNT.MY.USERS.CONNECT", #""client":{"acc":"MY.USERS","user":"a","name_tag":"MY.USERS","kind":"Client","client_type":"mqtt"}"#
    )
    #expect(EventLine(EventReading(event), arrival: "").text == "2026-11-22T09:15:18.000Z  connect          MY.USERS  s1  user a, mqtt")
  }

  @Test("what a client calls itself cannot steer a terminal, or show a token")
  func hostileNames() throws {
    let token = try CapturedMessage("account-connect", .new).data["client"]?["jwt"]?.text ?? ""
    let event = try Self.event(
      "$SYS.ACCOUNT.A.DISCONNECT",
      #"""
      "client":{"user":"\#(token)","name":"x\u001b[2J\u202ey","host":"h\nh","lang":"\u0007","ver":"1"},"reason":"gone\r"
      """#)
    let line = EventLine(EventReading(event), arrival: "").text
    #expect(line.hasSuffix("user (a token), name \"x [2J y\", from h h,   1, reason gone "), "\(line)")
    #expect(!EventLine(EventReading(event), arrival: "").json.jsonText.contains(token))
  }

  @Test("no line and no object holds a token", arguments: CapturedVersion.allCases)
  func noTokens(_ version: CapturedVersion) throws {
    for sample in ["account-connect", "account-disconnect", "client-auth-err", "leafnode-gone-disconnect"] {
      let event = try CapturedMessage(sample, version).event()
      let signature = try #require(event.body?["client"]?["jwt"]?.text?.split(separator: ".").last)
      let line = EventLine(EventReading(event), arrival: "")
      #expect(!line.text.contains("eyJ") && !line.json.jsonText.contains("eyJ") && !line.json.jsonText.contains(signature))
      #expect(line.json["event"]?["client"]?["jwt"]?["type"] == nil)
      #expect(line.json["event"]?["client"]?["jwt"]?["sub"]?.text?.hasPrefix("U") == true, "the claims stand in the token's place")
      #expect(line.json["event"]?["client"]?["kind"] == event.body?["client"]?["kind"])
    }
  }

  @Test("programs get kind, time, account, subject and the event")
  func objects() throws {
    let captured = try CapturedMessage("account-server-conns", .new)
    let json = EventLine(try EventReading(captured.event()), arrival: "").json
    #expect(json.members?.map(\.name) == ["kind", "time", "account", "subject", "event"])
    #expect(json["kind"]?.text == "connections" && json["time"]?.text == "2026-11-22T09:15:18.959289534Z")
    #expect(json["event"] == captured.data)
    let stats = EventLine(try CapturedMessage("server-statsz", .new).reading(), arrival: "").json
    #expect(stats.members?.map(\.name) == ["kind", "time", "subject", "event"])
  }

  @Test("a delete claim names all its accounts")
  func deletions() throws {
    let authority = try TestAuthority()
    let keys = try (0..<2).map { _ in try AccountKey(KeyPair.generate(.account).publicKey) }
    let accounts = keys.map(\.text)
    let token = try authority.deletion(of: keys)
    let event = try #require(SystemEvent(NATSMessage(subject: "$SYS.REQ.CLAIMS.DELETE", payload: token.bytes)))
    #expect(EventReading(event).accounts == accounts)
    let line = EventLine(EventReading(event), arrival: "2026-11-22T09:15:18.959Z")
    #expect(line.text.contains("  delete           -  -  deletes \(accounts[0]) and \(accounts[1]), issued "))
    #expect(line.json["accounts"]?.elements?.compactMap(\.text) == accounts && line.json["event"]?["nats"]?["accounts"] != nil)
    var filter = EventFilter()
    filter.accounts = [accounts[1]]
    #expect(filter.admits(EventReading(event)))
  }

  @Test("claims that cannot be read are said to be")
  func garbage() throws {
    for subject in ["$SYS.REQ.CLAIMS.DELETE", "$SYS.REQ.CLAIMS.UPDATE", "$SYS.ACCOUNT.A.CLAIMS.UPDATE"] {
      let event = try #require(SystemEvent(NATSMessage(subject: subject, payload: Array("gar\u{1B}bage".utf8))))
      let line = EventLine(EventReading(event), arrival: "now")
      #expect(line.text.hasSuffix("no readable token") && line.json["event"]?.isNull == true)
    }
  }

  @Test(
    "times have one width",
    arguments: [
      ("2026-11-22T09:15:19.97963738Z", "2026-11-22T09:15:19.979Z", 1_795_338_919_979),
      ("2026-11-22T09:15:19Z", "2026-11-22T09:15:19.000Z", 1_795_338_919_000),
      ("2026-11-22T09:15:19.5Z", "2026-11-22T09:15:19.500Z", 1_795_338_919_500), ("soon\u{7}", "soon ", nil),
      ("2026-11-22T09:15:19.Z", "2026-11-22T09:15:19.Z", nil),
      ("2026-11-22T09:15:19+Z", "2026-11-22T09:15:19+Z", nil), ("2026-11-22 09:15:19Z", "2026-11-22 09:15:19Z", nil), ("", "", nil),
    ] as [(String, String, Int64?)])
  func times(_ time: String, _ text: String, _ milliseconds: Int64?) {
    #expect(EventTime.text(time) == text && EventTime.milliseconds(time) == milliseconds)
  }
}
