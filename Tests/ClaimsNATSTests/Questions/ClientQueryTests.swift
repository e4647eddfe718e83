import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("Who is connected")
struct ClientQueryTests {
  private static func reply(_ id: String, _ name: String, total: Int, clients: Int) -> [UInt8] {
    let list = Array(repeating: #"{"kind":"Client","authorized_user":"U"}"#, count: clients).joined(separator: ",")
    return Array(#"{"server":{"id":"\#(id)","name":"\#(name)"},"data":{"total":\#(total),"connections":[\#(list)]}}"#.utf8)
  }

  /// What is known when these replies come, and these servers are live.
  private func clients(_ replies: [[UInt8]], at live: [String: String]) async throws -> (ScriptedConnection, ConnectedClients?) {
    let questions = ServerQuestions()
    let connection = ScriptedConnection(reply: { _ in replies })
    connection.listen { if case .message(let message) = $0 { questions.receive(message) } }
    questions.linkUp(connection)
    return (connection, await ClientQuery(questions: questions).clients(of: try TestAuthority.account(), at: live))
  }

  private let live = ["NA": "s1", "NB": "s2", "NC": "s3"]

  @Test("is the sum of what the servers say; those that do not answer are named, and then not everybody is known")
  func silent() async throws {
    let (_, all) = try await clients(live.map { Self.reply($0.key, $0.value, total: 1, clients: 1) }, at: live)
    let whole = try #require(all)
    #expect(whole.count == 3 && whole.silent.isEmpty && whole.isComplete)
    let (connection, some) = try await clients([Self.reply("NB", "s2", total: 2, clients: 2)], at: live)
    let part = try #require(some)
    #expect(part.servers == ["s2": 2] && part.silent == ["s1", "s3"] && !part.isComplete)
    #expect(connection.questions.map(\.subject) == [ClientQuery.subject])
    // A server without clients has answered too.
    let (_, none) = try await clients(live.map { Self.reply($0.key, $0.value, total: 0, clients: 0) }, at: live)
    #expect(none?.count == 0 && none?.silent.isEmpty == true)
  }

  @Test("is not known when no server answers, or there is no connection")
  func nobody() async throws {
    #expect(try await clients([], at: live).1 == nil)
    #expect(try await clients([Array("x".utf8)], at: live).1 == nil)
    #expect(await ClientQuery(questions: ServerQuestions()).clients(of: try TestAuthority.account(), at: live) == nil)
  }
}
