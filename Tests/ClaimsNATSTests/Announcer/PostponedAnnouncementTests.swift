import Claims
import Testing

@testable import ClaimsNATS

@Suite("Claims that the store cannot give")
struct PostponedAnnouncementTests {
  @Test("are not announced as they were before, and hold up nobody; the newest go when they can be read")
  func unreadable() throws {
    let announcer = AnnouncerUnderTest(limits: AnnouncerCore.Limits(page: 2))
    let keys = try accounts(2)
    announcer.append(keys[0])
    announcer.append(keys[1])
    // A newer record, beyond the page that is read first.
    let newest = announcer.append(keys[0], size: 20)
    announcer.damage(keys[0])
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.published.allSatisfy { $0.account != keys[0] || $0.sequence == newest })
    #expect(announcer.publishedSequences.contains(2))
    announcer.handle(.retryPostponed)
    announcer.acknowledgeAll()
    #expect(announcer.published.filter { $0.account == keys[0] }.map(\.sequence) == [newest])
    #expect(announcer.saved == newest)
  }

  @Test("keep the cursor in front of them, through a stop too")
  func cursor() throws {
    let announcer = AnnouncerUnderTest(limits: AnnouncerCore.Limits(page: 1))
    let keys = try accounts(2)
    announcer.append(keys[0])
    announcer.append(keys[1])
    // The store holds something newer than the records that are read.
    announcer.append(keys[0])
    announcer.damage(keys[0])
    announcer.holdsReads = true
    announcer.linkUp()
    for _ in 0..<2 { announcer.releaseRead() }
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [2])
    #expect(announcer.cursor == 0)
    announcer.handle(.stop)
    #expect(announcer.isFinished)
    #expect(announcer.saved == 0)
  }

  @Test("are tried again once for all of them, however many there are")
  func retries() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    for key in keys {
      announcer.append(key, announced: false)
      announcer.damage(key)
    }
    announcer.linkUp()
    for key in keys { announcer.handle(.renotice(key)) }
    #expect(announcer.retries == 1)
    announcer.handle(.retryPostponed)
    #expect(announcer.retries == 2)
    #expect(announcer.batches.isEmpty)
  }

  @Test("go with the token of the record that brought them, when that was read from the log")
  func known() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    let sequence = announcer.append(key)
    announcer.damage(key)
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [sequence])
    #expect(announcer.retries == 0)
  }

  @Test("are not gathered without end: the log is read on when some of them could be given")
  func bounded() throws {
    let announcer = AnnouncerUnderTest(limits: AnnouncerCore.Limits(page: 1, waiting: 2))
    let keys = try accounts(4)
    for key in keys { announcer.append(key) }
    for key in keys.dropLast() {
      announcer.append(key)
      announcer.damage(key)
    }
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.batches.isEmpty, "the fourth is not read yet")
    for key in keys.dropLast() { announcer.repair(key) }
    announcer.handle(.retryPostponed)
    announcer.acknowledgeAll()
    #expect(Set(announcer.published.map(\.account)) == Set(keys))
    #expect(announcer.saved == 7)
  }
}
