import Testing

@testable import ClaimsNATS

@Suite("Replies by announcement")
struct ReplyBookTests {
  private let start = ContinuousClock.now

  @Test("replies are counted by kind until it is quiet")
  func counted() throws {
    var book = ReplyBook()
    let account = try accounts(1)[0]
    let token = book.expect(account, at: start)
    for reply in [ServerReply.applied, .applied, .notLoaded, .refused("x"), .unreadable] {
      #expect(book.note(reply, token: token, at: start + .seconds(1)) == account)
    }
    #expect(book.sweep(at: start + .milliseconds(2999)).isEmpty)
    let tally = try #require(book.sweep(at: start + .seconds(3)).first)
    #expect(tally == ReplyBook.Tally(account: account, applied: 2, notLoaded: 1, refused: 1))
    #expect(!tally.isSilent)
    #expect(book.isEmpty)
  }

  @Test("an announcement without replies is silent after two seconds")
  func silent() throws {
    var book = ReplyBook()
    _ = book.expect(try accounts(1)[0], at: start)
    #expect(book.sweep(at: start + .seconds(2)).map(\.isSilent) == [true])
  }

  @Test("replies that never end do not keep it open for more than ten seconds")
  func bounded() throws {
    var book = ReplyBook()
    let token = book.expect(try accounts(1)[0], at: start)
    for second in 1..<10 { _ = book.note(.applied, token: token, at: start + .seconds(second)) }
    #expect(book.sweep(at: start + .seconds(9)).isEmpty)
    #expect(book.sweep(at: start + .seconds(10)).map(\.applied) == [9])
    #expect(book.note(.applied, token: token, at: start + .seconds(11)) == nil)
  }

  @Test("the number kept is bounded, the oldest go first")
  func most() throws {
    var book = ReplyBook(most: 2)
    let keys = try accounts(3)
    for key in keys { _ = book.expect(key, at: start) }
    #expect(book.sweep(at: start).map(\.account) == [keys[0]])
  }

  @Test("tokens differ, and unknown ones are ignored")
  func tokens() throws {
    var book = ReplyBook()
    let keys = try accounts(2)
    let tokens = keys.map { book.expect($0, at: start) }
    #expect(Set(tokens).count == 2)
    #expect(book.note(.applied, token: tokens[1], at: start) == keys[1])
    #expect(book.note(.applied, token: "zzz", at: start) == nil)
    #expect(book.note(.applied, token: "!", at: start) == nil)
  }

  @Test("what did not go out is forgotten")
  func forgotten() throws {
    var book = ReplyBook()
    let token = book.expect(try accounts(1)[0], at: start)
    book.forget(token)
    #expect(book.isEmpty)
    #expect(book.sweep(at: start + .seconds(20)).isEmpty)
  }
}
