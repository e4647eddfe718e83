import Testing

@testable import ClaimsNATS

@Suite("Servers' replies")
struct ServerReplyTests {
  private static let server = #""server":{"name":"u1","host":"127.0.0.1","id":"NBSX","ver":"2.14.0","jetstream":false,"flags":0,"seq":69}"#

  @Test(
    "a reply is understood",
    arguments: [
      (#"{\#(server),"data":{"account":"A","code":200,"message":"jwt updated"}}"#, ServerReply.applied),
      (#"{"data":{"account":"A","code":200,"message":"jwt updated cache"},\#(server)}"#, .applied),
      (#"{\#(server),"data":{"account":"A","code":200,"message":"jwt update skipped"}}"#, .notLoaded),
      (#"{\#(server),"data":{"account":"A","code":200,"message":"jwt update cache skipped"}}"#, .notLoaded),
      (
        #"{"error":{"account":"A","code":500,"description":"jwt update resulted in error - expected 3 chunks"},\#(server)}"#,
        .refused("jwt update resulted in error - expected 3 chunks")
      ),
      (#"{\#(server),"error":{"code":500}}"#, .refused("no description")),
      (#"{\#(server),"error":{"description":"two\nlines\u0007"}}"#, .refused("two lines ")),
      (#"{\#(server),"data":{"message":"something else"}}"#, .unreadable),
      ("+OK", .unreadable), ("", .unreadable), ("[]", .unreadable), ("{", .unreadable),
    ])
  func understood(text: String, reply: ServerReply) {
    #expect(ServerReply(InboxMessage(token: "1", payload: Array(text.utf8))) == reply)
  }

  @Test("an empty message with status 503 says that no server listens")
  func noResponders() {
    #expect(ServerReply(InboxMessage(token: "1", payload: [], isNoResponders: true)) == .noListener)
  }

  @Test("a huge reply is not read")
  func huge() {
    let text = #"{"data":{"message":"jwt updated","x":""# + String(repeating: "x", count: 70_000) + #""}}"#
    #expect(ServerReply(InboxMessage(token: "1", payload: Array(text.utf8))) == .unreadable)
  }

  @Test("the server's name is read from any reply")
  func name() throws {
    let name = try #require(ServerInfo(Array("{\(Self.server)}".utf8)))
    #expect(name.name == "u1")
    #expect(name.version == "2.14.0")
    #expect(name.id == "NBSX")
    #expect(ServerInfo(Array("{}".utf8)) == nil)
  }
}
