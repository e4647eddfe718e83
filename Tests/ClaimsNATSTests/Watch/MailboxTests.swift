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

  @Test("that drops what is oldest holds the newest, by number and by bytes, and counts the others")
  func oldest() async {
    let drops = DropCount()
    let few = Mailbox<Int>(capacity: 3, dropping: .oldest, drops: drops)
    for number in 0..<5 { few.put(number) }
    #expect(await few.next() == [2, 3, 4])
    #expect(drops.value == 2)
    let small = Mailbox<Int>(capacity: 100, mostBytes: 100, dropping: .oldest, drops: drops)
    for number in 0..<5 { small.put(number, bytes: 40) }
    #expect(await small.next() == [3, 4])
    #expect(drops.value == 5)
    #expect(!small.put(6, bytes: 101))
    #expect(drops.value == 6)
  }

  @Test("that drops what is oldest keeps at least seven eighths of what it may hold")
  func many() async {
    let drops = DropCount()
    let box = Mailbox<Int>(capacity: 800, dropping: .oldest, drops: drops)
    for number in 0..<10_000 { box.put(number) }
    let kept = await box.next() ?? []
    #expect(kept.count >= 700 && kept.count + drops.value == 10_000)
    #expect(kept == Array((10_000 - kept.count)..<10_000))
  }

  @Test("is waited at until there is something, or it is closed")
  func waiting() async {
    let box = Mailbox<Int>(capacity: 3, drops: DropCount())
    let reader = Task { [await box.next(), await box.next()] }
    box.put(1)
    box.close()
    #expect(await reader.value == [[1], nil])
  }
}
