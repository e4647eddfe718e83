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
    announcer.holdsReads = false
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
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    announcer.append(keys[1])
    announcer.append(keys[0], announced: false)
    announcer.damage(keys[0])
    announcer.linkUp()
    announcer.acknowledgeAll()
    announcer.handle(.renotice(keys[0]))
    announcer.handle(.renotice(keys[0]))
    #expect(announcer.retries == 1)
    announcer.handle(.retryPostponed)
    #expect(announcer.retries == 2)
    #expect(announcer.publishedSequences == [1])
    announcer.handle(.stop)
    #expect(announcer.isFinished)
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
}
