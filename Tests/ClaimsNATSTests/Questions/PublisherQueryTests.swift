import Claims
import ClaimsTestSupport
import Nkeys
import Testing

@testable import ClaimsNATS

@Suite("Who may have published")
struct PublisherQueryTests {
  private let link = CurrentLink()
  private let questions = ServerQuestions()

  /// Our connection is the scripted one: number 1 at the server NSCRIPTED.
  private func query(isConnected: Bool = true) -> PublisherQuery {
    if isConnected { link.set(ScriptedConnection()) }
    return PublisherQuery(questions: questions, link: link)
  }

  /// A server's answer to CONNZ.
  private func reply(_ connections: String, server: String = "NSCRIPTED", isNoResponders: Bool = false) -> InboxMessage {
    InboxMessage(token: "", payload: Self.text(connections, server: server), isNoResponders: isNoResponders)
  }

  private static func text(_ connections: String, server: String = "NSCRIPTED") -> [UInt8] {
    Array(#"{"server":{"id":"\#(server)","name":"s1"},"data":{"connections":[\#(connections)]}}"#.utf8)
  }

  private static func client(_ cid: Int, name: String = "nats-claims", more: String = "") -> String {
    #"{"cid":\#(cid),"kind":"Client","ip":"10.0.0.\#(cid)","port":4000,"in_msgs":1,"name":"\#(name)"\#(more)}"#
  }

  @Test("is told by the connection's number: who takes our connection's name is named, and our connection is not")
  func sameName() {
    let both = "\(Self.client(1)),\(Self.client(2))"
    #expect(query().read(reply(both)) == ["nats-claims at 10.0.0.2:4000 on s1"])
    // Another server gives the same numbers.
    #expect(query().read(reply(both, server: "NOTHER")).count == 2)
    #expect(query().read(reply(Self.client(1, name: "renamed"))).isEmpty)
  }

  @Test("is everybody, while there is no connection of ours")
  func unconnected() {
    #expect(query(isConnected: false).read(reply("\(Self.client(1)),\(Self.client(2))")).count == 2)
  }

  @Test("is only a client, and only one that sent something")
  func others() {
    let silent = #"{"cid":2,"kind":"Client","in_msgs":0,"name":"silent"}"#
    let leaf = #"{"cid":3,"kind":"Leafnode","in_msgs":5,"name":"leaf"}"#
    let unknown = #"{"cid":4,"name":"unknown"}"#
    #expect(query().read(reply("\(silent),\(leaf),\(unknown)")).isEmpty)
    #expect(query().read(reply(Self.client(2), isNoResponders: true)).isEmpty)
    for payload in ["", "x", "[]", #"{"data":{"connections":[\#(Self.client(2))]}}"#] {
      #expect(query().read(InboxMessage(token: "", payload: Array(payload.utf8))).isEmpty, "\(payload)")
    }
  }

  @Test("has the name and key of its user, by its token or by what the server says; nothing of it can break the line")
  func users() throws {
    let (account, user) = (try KeyPair.generate(.account), try KeyPair.generate(.user))
    var claims = UserClaims(subject: KeyReference(user.publicKey))
    claims.common.name = "robot"
    let token = try claims.signed(by: account, at: TestTime.seconds)
    let named = Self.client(2, name: "tool", more: #","jwt":"\#(token.text)""#)
    #expect(query().read(reply(named)) == ["tool / robot / \(user.publicKey) at 10.0.0.2:4000 on s1"])
    let password = Self.client(2, name: "", more: #","authorized_user":"admin""#)
    #expect(query().read(reply(password)) == ["admin at 10.0.0.2:4000 on s1"])
    let hostile = query().read(reply(Self.client(2, name: #"a\nERROR: \u001b[31mb"#)))
    #expect(hostile.count == 1 && hostile[0].utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "\(hostile)")
  }

  @Test("is asked for each system account; of many the first are named, and how many more there are")
  func many() async throws {
    let accounts = [try TestAuthority.account(), try TestAuthority.account()]
    let connection = ScriptedConnection(reply: { question in
      let isFirst = String(decoding: question.payload, as: UTF8.self).contains(accounts[0].text)
      let clients = (isFirst ? 2..<3 : 1..<13).map { Self.client($0, name: isFirst ? "a" : "b") }
      return [Self.text(clients.joined(separator: ","))]
    })
    connection.listen { [questions] in if case .message(let message) = $0 { questions.receive(message) } }
    link.set(connection)
    questions.linkUp(connection)
    let named = await PublisherQuery(questions: questions, link: link).candidates(in: Set(accounts))
    #expect(named.count == 9 && named.first == "a at 10.0.0.2:4000 on s1" && named.last == "and 4 more", "\(named)")
    #expect(Set(connection.questions.map(\.payload)).count == 2 && connection.questions.allSatisfy { $0.subject == ClientQuery.subject })
    questions.linkDown()
    #expect(await PublisherQuery(questions: questions, link: link).candidates(in: Set(accounts)).isEmpty)
  }
}
