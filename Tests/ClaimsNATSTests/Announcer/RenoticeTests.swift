import Testing

@testable import ClaimsNATS

@Suite("Announcing again on request")
struct RenoticeTests {
  @Test("the newest token is announced again, and the cursor stays")
  func again() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.append(key)
    announcer.append(key)
    announcer.linkUp()
    announcer.acknowledge()
    announcer.handle(.renotice(key))
    #expect(announcer.publishedSequences == [2, 2])
    announcer.acknowledge()
    #expect(announcer.saved == 2)
  }

  @Test("adopted claims can be announced on request")
  func adopted() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.append(key, announced: false)
    announcer.linkUp()
    announcer.handle(.renotice(key))
    #expect(announcer.publishedSequences == [1])
  }

  @Test("an account that is deleted or unknown is ignored")
  func unknown() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    announcer.append(keys[0], announced: false)
    announcer.delete(keys[0])
    announcer.linkUp()
    for key in keys { announcer.handle(.renotice(key)) }
    #expect(announcer.batches.isEmpty)
    #expect(announcer.saved == 2)
  }

  @Test("without a connection the wish is forgotten")
  func away() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.append(key, announced: false)
    announcer.handle(.renotice(key))
    announcer.linkUp()
    #expect(announcer.batches.isEmpty)
  }

  @Test("a wish and a change of the same account are one announcement")
  func together() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    announcer.linkUp()
    announcer.append(keys[0])
    announcer.handle(.renotice(keys[1]))
    announcer.append(keys[1])
    announcer.handle(.renotice(keys[1]))
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [1, 2])
    #expect(announcer.saved == 2)
  }

  @Test("of more accounts than there is room for is forgotten, and counted; changes are not")
  func bounded() throws {
    let announcer = AnnouncerUnderTest(limits: AnnouncerCore.Limits(batch: 1, waiting: 2))
    let keys = try accounts(5)
    for key in keys.dropLast() { announcer.append(key, announced: false) }
    announcer.linkUp()
    for key in keys.dropLast() { announcer.handle(.renotice(key)) }
    // One is under way, and two wait; one of these once more needs no room.
    announcer.handle(.renotice(keys[2]))
    #expect(announcer.takePassedOver() == 1)
    #expect(announcer.takePassedOver() == 0)
    announcer.append(keys[4])
    announcer.acknowledgeAll()
    #expect(announcer.published.map(\.account) == [keys[0], keys[1], keys[2], keys[4]])
  }

  @Test("a change that a wish took along is not done with before the server has read it")
  func ahead() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.holdsReads = true
    announcer.linkUp()
    announcer.append(key)
    announcer.handle(.renotice(key))
    #expect(announcer.publishedSequences == [1], "the store's newest, before it is read from the log")
    announcer.releaseRead()
    announcer.handle(.failed(.of(.closed)))
    #expect(announcer.cursor == 0)
    announcer.handle(.stop)
    #expect(announcer.saved == 0)
  }
}
