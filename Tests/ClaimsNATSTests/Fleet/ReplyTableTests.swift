import Claims
import Testing

@testable import ClaimsNATS

@Suite("Servers' replies as tables")
struct ReplyTableTests {
  private static func reply(_ json: String, delay: Duration = .zero) throws -> FleetReply {
    try #require(FleetReply(Array(json.utf8), delay: delay))
  }

  @Test("gateways are the server's own, the outbound and the inbound ones")
  func gateways() throws {
    let connection = #"{"cid":5,"name":"N1","ip":"::1","port":7,"rtt":"1ms","uptime":"2s"}"#
    let reply = try Self.reply(
      #"""
      {"server":{"id":"N1","name":"s1"},"data":{"name":"c1","host":"h","port":1,
      "outbound_gateways":{"c2":{"configured":true,"connection":\#(connection)}},
      "inbound_gateways":{"c2":[{"connection":\#(connection)},{"connection":\#(connection)}]}}}
      """#)
    #expect(
      ReplyTable(.gatewayz, [reply]).rows == [
        ["s1", "own", "c1", "-", "h:1", "-", "-"], ["s1", "outbound", "c2", "N1", "[::1]:7", "1ms", "2s"],
        ["s1", "inbound", "c2", "N1", "[::1]:7", "1ms", "2s"], ["s1", "inbound", "c2", "N1", "[::1]:7", "1ms", "2s"],
      ])
  }

  @Test("accounts are a list, or the facts of one", arguments: CapturedVersion.allCases)
  func accounts(_ version: CapturedVersion) throws {
    let list = try #require(FleetReply(CapturedMessage("req-server-id-accountz", version).payload))
    let rows = ReplyTable(.accountz, [list]).rows.map { $0.map(CapturedKeys.shortened) }
    #expect(Set(rows.map { "\($0[1]) \($0[3])" }).isSuperset(of: ["$G -", "<A> -", "<SYS> system"]))
    let one = try #require(FleetReply(CapturedMessage("req-accountz-with-an-account", version).payload))
    let row = try #require(ReplyTable(.accountz, [one]).rows.first).map(CapturedKeys.shortened)
    #expect(Array(row.prefix(6)) == ["s1", "<A>", "A", "-", "1", "1"] && row[7] == "no" && !row.joined().contains("eyJ"))
  }

  @Test("health and JetStream", arguments: CapturedVersion.allCases)
  func health(_ version: CapturedVersion) throws {
    let healthz = try #require(FleetReply(CapturedMessage("req-js-healthz", version).payload))
    #expect(ReplyTable(.healthz, [healthz]).rows == [["js1", "ok", version == .old ? "-" : "200", "-"]])
    let jsz = try #require(FleetReply(CapturedMessage("req-js-jsz", version).payload))
    #expect(ReplyTable(.jsz, [jsz]).rows == [["js1", "yes", "0 B", "68 B", "1", "1", "0", "2", "68 B", "1", "0"]])
  }

  @Test("an answer to IDZ is the server's object as it is")
  func identity() throws {
    let reply = try #require(FleetReply(CapturedMessage("req-server-id-idz", .new).payload))
    #expect(ReplyTable(.idz, [reply]).rows == [["s1", "127.0.0.1", reply.server.id]] && reply.server.id.hasPrefix("N"))
  }

  @Test("a refusal has its code and words, and no row", arguments: CapturedVersion.allCases)
  func refusals(_ version: CapturedVersion) throws {
    let reply = try #require(FleetReply(CapturedMessage("req-bad-json", version).payload))
    #expect(reply.error == "error 400: invalid character 'n' looking for beginning of object key string")
    #expect(ReplyTable(.connz, [reply]).rows.isEmpty)
    let hostile = try Self.reply(#"{"server":{"id":"N1"},"error":{"description":"a\u001bb"}}"#)
    #expect(hostile.error == "error: a b")
    #expect(try Self.reply(#"{"server":{"id":"N1"},"data":{},"error":null}"#).error == nil)
  }

  @Test("the quickest comes first")
  func roundTrips() throws {
    let slow = try Self.reply(#"{"server":{"id":"N1","name":"slow"}}"#, delay: .milliseconds(1500))
    let quick = try Self.reply(#"{"server":{"id":"N2"}}"#, delay: .microseconds(417))
    #expect(ReplyTable.roundTrips([slow, quick]).rows == [["N2", "N2", "417µs"], ["slow", "N1", "1.5s"]])
  }

  @Test("a reply that names no server is none", arguments: ["", "{", "[]", "{}", #"{"server":{"name":"s1"}}"#])
  func noReply(_ text: String) {
    #expect(FleetReply(Array(text.utf8)) == nil)
  }

  @Test("users' names cannot steer a terminal, or show a token")
  func hostileCells() throws {
    let token = try CapturedMessage("account-connect", .new).data["client"]?["jwt"]?.text ?? ""
    let reply = try Self.reply(
      #"{"server":{"id":"N1","name":"s\n1"},"data":{"connections":[{"name":"\u001b[1m","authorized_user":"\#(token)"}]}}"#)
    let row = try #require(ReplyTable(.connz, [reply]).rows.first)
    #expect(row[0] == "s 1" && row[3] == " [1m" && row[4] == "(a token)")
  }

  @Test(
    "figures for people",
    arguments: [
      (Quantity.bytes(0), "0 B"), (Quantity.bytes(1023), "1023 B"), (Quantity.bytes(1024), "1 KiB"),
      (Quantity.bytes(18_509_824), "17.7 MiB"),
      (Quantity.bytes(.max), "8 EiB"), (Quantity.bytes(-2048), "-2 KiB"), (Quantity.duration(nanoseconds: 999), "999ns"),
      (Quantity.duration(nanoseconds: 264_000), "264µs"), (Quantity.duration(nanoseconds: 203_114_833), "203.1ms"),
      (Quantity.duration(nanoseconds: .max), "9223372036.9s"), (Quantity.uptime(seconds: 14), "14s"),
      (Quantity.uptime(seconds: 7500), "2h5m0s"), (Quantity.uptime(seconds: 273_600), "3d4h0m0s"), (Quantity.uptime(seconds: -3), "0s"),
    ])
  func figures(_ text: String, _ expected: String) {
    #expect(text == expected)
  }
}
