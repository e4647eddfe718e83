import Testing

@testable import ClaimsNATS

@Suite("Which peer is asked when")
struct PeerBookTests {
  @Test("is asked when its hash is another, and not while it answers")
  func asked() {
    var book = PeerBook()
    #expect(book.heard("a", hash: [1], own: [1], at: .at(0)) == false)
    #expect(book.heard("a", hash: [2], own: [1], at: .at(1)) == true)
    #expect(book.heard("a", hash: [3], own: [1], at: .at(2)) == false)
    book.answered("a", taken: 5, at: .at(3))
    #expect(book.heard("a", hash: [3], own: [2], at: .at(4)) == true)
  }

  @Test("that has nothing new for us is asked less and less often, until one of the hashes changes")
  func fruitless() {
    var book = PeerBook()
    var times: [Int] = []
    for second in 0..<400 where book.heard("a", hash: [2], own: [1], at: .at(Double(second))) {
      times.append(second)
      book.answered("a", taken: 0, at: .at(Double(second)))
    }
    #expect(times == [0, 5, 15, 35, 75, 155, 315])
    #expect(book.heard("a", hash: [2], own: [9], at: .at(400)) == true)
  }

  @Test("are bounded in number, and forgotten when they fall silent")
  func bounded() {
    var book = PeerBook()
    for number in 0..<100 { _ = book.heard("\(number)", hash: [1], own: [1], at: .at(Double(number) / 1000)) }
    #expect(book.count == 64)
    #expect(book.passedOver == 36)
    #expect(book.heard("late", hash: [2], own: [1], at: .at(1)) == true)
    #expect(book.count == 64)
    _ = book.heard("x", hash: [1], own: [1], at: .at(121))
    #expect(book.count == 1)
  }

  @Test("keeps what each of them holds and is not taken here, until it agrees, has something else to say, or falls silent")
  func disagreements() throws {
    var book = PeerBook()
    let accounts = try [Sample.account(), Sample.account()].sorted()
    for (number, peer) in ["b", "a"].enumerated() {
      _ = book.heard(peer, hash: [2], own: [1], at: .at(Double(number)))
      book.answered(peer, taken: 0, refused: [accounts[1]: "\(peer) one", accounts[0]: "\(peer) two"], at: .at(Double(number)))
    }
    func texts() -> [String] { book.disagreements.map { "\(accounts.firstIndex(of: $0.account) ?? -1) \($0.peer) \($0.reason)" } }
    #expect(texts() == ["0 a a two", "0 b b two", "1 a a one", "1 b b one"])
    // Being heard of again, or asked again, is no agreement.
    #expect(book.heard("a", hash: [3], own: [1], at: .at(50)) == true)
    #expect(texts().count == 4)
    book.answered("a", taken: 1, refused: [accounts[1]: "a three"], at: .at(51))
    #expect(texts() == ["0 b b two", "1 a a three", "1 b b one"])
    #expect(book.heard("a", hash: [1], own: [1], at: .at(60)) == false)
    #expect(texts() == ["0 b b two", "1 b b one"])
    book.look(at: .at(119.9))
    #expect(texts().count == 2)
    book.look(at: .at(120))
    #expect(texts().isEmpty)
  }
}

@Suite("What resolvers were told")
struct ResolverBookTests {
  private let reason = ResolverBook.Reason.token(Sample.digest("a"))

  @Test("is not told again and again when it does not help: after three times with pauses that double up to an hour")
  func unhelped() throws {
    var book = ResolverBook()
    let account = try Sample.account()
    #expect((0..<5).map { book.mayTell(account, reason, at: .at(Double($0))) } == [true, true, true, false, false])
    #expect(book.unhelped == [account])
    var told: [Int] = []
    for minute in 0..<300 where book.mayTell(account, reason, at: .at(Double(minute * 60 + 10))) { told.append(minute) }
    #expect(told == [5, 15, 35, 75, 135, 195, 255])
    #expect(book.mayTell(account, .token(Sample.digest("b")), at: .at(18_000)) == true)
    #expect(book.unhelped.isEmpty)
  }

  @Test("is not told anew because another one, which answers in between, agrees")
  func other() throws {
    var book = ResolverBook()
    let account = try Sample.account()
    var told = 0
    for round in 0..<30 {
      if round.isMultiple(of: 2) { book.agreed(account) } else { book.agreedInAll() }
      if book.mayTell(account, reason, at: .at(Double(round * 120))) { told += 1 }
    }
    #expect(told == 6)
    #expect(book.unhelped == [account])
  }

  @Test("is done with an account once pack after pack agrees; of a deleted one, once pack after pack lacks it")
  func done() throws {
    var book = ResolverBook()
    let (stored, deleted) = (try Sample.account(), try Sample.account())
    for second in 0..<3 {
      _ = book.mayTell(stored, reason, at: .at(Double(second)))
      _ = book.mayTell(deleted, .deletion(Sample.digest("d")), at: .at(Double(second)))
    }
    for _ in 0..<7 { book.agreed(stored) }
    #expect(Set(book.unhelped) == [stored, deleted])
    book.agreed(stored)
    #expect(book.unhelped == [deleted])
    for _ in 0..<8 { book.ended(with: []) }
    #expect([stored, deleted].map { book.isOpen($0) } == [false, false])
    #expect(book.mayTell(stored, reason, at: .at(3)) == true)
  }
}
