import Testing

@testable import ClaimsNATS

@Suite("What was heard and is not taken yet", .timeLimit(.minutes(5)))
struct MessageBufferTests {
  private let drops = DropCount()

  private func message(_ number: Int, bytes: Int = 0) -> NATSMessage {
    NATSMessage(subject: "\(number)", payload: [UInt8](repeating: 0, count: bytes))
  }

  private func taken(_ buffer: MessageBuffer) async -> [String] {
    buffer.finish()
    var subjects: [String] = []
    while let message = await buffer.next() { subjects.append(message.subject) }
    return subjects
  }

  @Test("comes in the order of its arrival, also when it is put in while it is taken")
  func order() async {
    let buffer = MessageBuffer(capacity: 10_000, mostBytes: 1 << 20, drops: drops)
    var subjects: [String] = []
    for number in 0..<6_000 {
      buffer.put(message(number))
      if number % 2 == 1, let next = await buffer.next() { subjects.append(next.subject) }
    }
    subjects += await taken(buffer)
    #expect(subjects == (0..<6_000).map(String.init))
    #expect(drops.value == 0)
  }

  @Test("makes room for what is newer, by number and by bytes, and is counted then")
  func bounds() async {
    let few = MessageBuffer(capacity: 3, mostBytes: 100, drops: drops)
    for number in 0..<5 { few.put(message(number)) }
    #expect(await taken(few) == ["2", "3", "4"])
    #expect(drops.value == 2)
    let small = MessageBuffer(capacity: 100, mostBytes: 100, drops: drops)
    for number in 0..<5 { small.put(message(number, bytes: 40)) }
    #expect(await taken(small) == ["3", "4"])
    #expect(drops.value == 5)
    let tiny = MessageBuffer(capacity: 100, mostBytes: 100, drops: drops)
    tiny.put(message(0, bytes: 101))
    #expect(await taken(tiny).isEmpty)
    #expect(drops.value == 6)
  }

  @Test("is waited for, until there is no more")
  func waiting() async {
    let buffer = MessageBuffer(capacity: 3, mostBytes: 100, drops: drops)
    let reader = Task {
      let first = await buffer.next()
      let second = await buffer.next()
      return (first?.subject, second?.subject)
    }
    buffer.put(message(1))
    buffer.finish()
    #expect(await reader.value == ("1", nil))
  }
}
