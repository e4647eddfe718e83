import Testing

@testable import ClaimsNATS

@Suite("A mailbox")
struct MailboxTests {
  @Test("hands over all that waits in its order, and drops and counts what is too much")
  func bounded() async {
    let box = Mailbox<Int>(capacity: 3)
    #expect((1...5).map { box.put($0) } == [true, true, true, false, false])
    #expect(box.dropped == 2)
    box.close()
    var taken: [[Int]] = []
    await box.empty { taken.append($0) }
    #expect(taken == [[1, 2, 3]])
  }
}
