import Testing

@testable import ClaimsNATS

@Suite("A mailbox")
struct MailboxTests {
  @Test("hands over all that waits in its order, and drops and counts what is too much")
  func bounded() async {
    let drops = DropCount()
    let box = Mailbox<Int>(capacity: 3, drops: drops)
    #expect((1...5).map { box.put($0) } == [true, true, true, false, false])
    #expect(drops.value == 2)
    box.close()
    var taken: [[Int]] = []
    await box.empty { taken.append($0) }
    #expect(taken == [[1, 2, 3]])
  }

  @Test("holds no more bytes than it may, and has room again when it is emptied")
  func bytes() async {
    let drops = DropCount()
    let box = Mailbox<Int>(capacity: 100, drops: drops)
    #expect((1...3).map { box.put($0, bytes: 30 << 20) } == [true, true, false])
    let reader = Task { await box.empty { if $0 == [1, 2] { box.put(4, bytes: 60 << 20) } else { box.close() } } }
    await reader.value
    #expect(drops.value == 1)
  }
}
