import Testing

@testable import ClaimsNATS

@Suite("Questions to peers")
struct PeerQuestionsTests {
  @Test("are over with the last reply, and what was new in all of them counts")
  func answered() {
    var asked = PeerQuestions()
    #expect(asked.heard("a", hash: [2], own: [1], token: "t1", at: .at(0)) == true)
    #expect(asked.peer(asked: "t1") == "a")
    asked.told("t1", taken: 3, isLast: false, at: .at(1))
    #expect(asked.heard("a", hash: [3], own: [1], token: "t2", at: .at(1)) == false)
    asked.told("t1", taken: 0, isLast: true, at: .at(2))
    #expect(asked.peer(asked: "t1") == nil)
    #expect(asked.heard("a", hash: [2], own: [1], token: "t2", at: .at(2)) == true)
  }

  @Test("that brought nothing new are put again only after a pause")
  func fruitless() {
    var asked = PeerQuestions()
    _ = asked.heard("a", hash: [2], own: [1], token: "t1", at: .at(0))
    asked.told("t1", taken: 0, isLast: true, at: .at(1))
    #expect(asked.heard("a", hash: [2], own: [1], token: "t2", at: .at(2)) == false)
    #expect(asked.heard("a", hash: [2], own: [1], token: "t2", at: .at(7)) == true)
  }

  @Test("to one that falls silent are over after a while, and replies that come later belong to none")
  func silent() {
    var asked = PeerQuestions()
    _ = asked.heard("a", hash: [2], own: [1], token: "t1", at: .at(0))
    asked.told("t1", taken: 0, isLast: false, at: .at(10))
    asked.look(at: .at(20))
    #expect(asked.peer(asked: "t1") == "a")
    asked.look(at: .at(26))
    #expect(asked.peer(asked: "t1") == nil)
    asked.told("t1", taken: 1, isLast: true, at: .at(27))
    #expect(asked.heard("a", hash: [9], own: [1], token: "t2", at: .at(28)) == true)
  }

  @Test("are bounded, however many peers somebody invents")
  func bounded() {
    var asked = PeerQuestions()
    let count = (0..<1000).filter { asked.heard("\($0)", hash: [2], own: [1], token: "t\($0)", at: .at(Double($0) / 1000)) }.count
    #expect(count == 1000)
    #expect((0..<1000).filter { asked.peer(asked: "t\($0)") != nil } == Array(872..<1000))
    #expect(asked.heard("real", hash: [2], own: [1], token: "t", at: .at(1)) == true)
    #expect(asked.peer(asked: "t") == "real")
  }

  @Test("keep what was not taken of all replies, when they are over, and not of very many")
  func refused() throws {
    var asked = PeerQuestions()
    let accounts = try (0..<100).map { _ in try Sample.account() }
    _ = asked.heard("a", hash: [2], own: [1], token: "t1", at: .at(0))
    for account in accounts[..<3] { asked.told("t1", taken: 0, refused: [account: "no"], isLast: false, at: .at(1)) }
    #expect(asked.book.disagreements.isEmpty)
    asked.told("t1", taken: 0, isLast: true, at: .at(1))
    #expect(Set(asked.book.disagreements.map(\.account)) == Set(accounts[..<3]))
    _ = asked.heard("a", hash: [3], own: [1], token: "t2", at: .at(2))
    asked.told("t2", taken: 0, refused: Dictionary(uniqueKeysWithValues: accounts.map { ($0, "no") }), isLast: false, at: .at(2))
    // It falls silent before its end.
    asked.look(at: .at(20))
    #expect(asked.book.disagreements.count == 64)
  }
}
