import Claims
import Testing

@testable import ClaimsNATS

@Suite("Announcing closing claims")
struct ClosingAnnouncementTests {
  @Test("they are announced although a tombstone follows, and the cursor passes both")
  func announced() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.linkUp()
    announcer.append(key)
    announcer.acknowledge()
    announcer.close(key)
    #expect(announcer.publishedSequences == [1, 2])
    #expect(announcer.batches.last?.first?.isClosing == true)
    #expect(announcer.cursor == 1, "not before the server has read them")
    announcer.acknowledge()
    #expect(announcer.saved == 3)
  }

  @Test("they are announced when NATS was away, in the place of what the account had before")
  func away() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    for key in keys { announcer.append(key) }
    announcer.close(keys[0])
    announcer.linkUp()
    #expect(announcer.publishedSequences == [3, 2])
    announcer.fail()
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [3, 2, 3, 2])
    #expect(announcer.saved == 4)
  }

  @Test("they are not announced when newer claims brought the account back")
  func recreated() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.append(key)
    announcer.close(key)
    announcer.append(key)
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [4])
    #expect(announcer.published.count == 1)
    #expect(announcer.saved == 4)
  }

  @Test("they are announced when the account came back and was deleted again without a key")
  func deletedAgain() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.close(key)
    announcer.append(key)
    announcer.delete(key)
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [1])
    #expect(announcer.saved == 4)
  }

  @Test("that were signed anew are announced once, in the place of those that were over", arguments: [true, false])
  func renewed(isToldFirst: Bool) throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    announcer.close(keys[0])
    announcer.append(keys[1])
    announcer.linkUp()
    announcer.renew(keys[0], isToldFirst: isToldFirst)
    #expect(announcer.cursor == 0)
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [1, 3], "the first of which went out with the claims of record 4")
    #expect(announcer.saved == 5)
  }

  @Test("that were signed anew and did not arrive are announced again as they are", arguments: [true, false])
  func renewedInVain(isToldFirst: Bool) throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.close(key)
    announcer.linkUp()
    announcer.renew(key, isToldFirst: isToldFirst)
    announcer.fail()
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [1, 3])
    #expect(announcer.saved == 4)
  }

  @Test("that were signed anew give way to claims that brought the account back")
  func renewedAndRecreated() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.close(key)
    announcer.linkUp()
    announcer.renew(key, isToldFirst: true)
    announcer.append(key)
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [1, 5])
    #expect(announcer.saved == 5)
  }

  @Test("they are announced when a page of the log ends between them and their tombstone", arguments: [1, 2, 3])
  func pages(_ page: Int) throws {
    let announcer = AnnouncerUnderTest(limits: .init(page: page, batch: 4, batchBytes: 1000))
    let keys = try accounts(3)
    for key in keys { announcer.close(key) }
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.published.map(\.account) == keys)
    #expect(announcer.saved == 6)
  }

  @Test("are kept for servers that missed them: the newest")
  func bounded() throws {
    let announcer = AnnouncerUnderTest(limits: AnnouncerCore.Limits(closings: 2))
    let keys = try accounts(3)
    announcer.linkUp()
    for key in keys { announcer.close(key) }
    announcer.acknowledgeAll()
    let count = announcer.published.count
    for key in keys { announcer.handle(.renotice(key)) }
    announcer.acknowledgeAll()
    #expect(announcer.published.dropFirst(count).map(\.account) == Array(keys.suffix(2)))
    #expect(announcer.nothingLeft == [keys[0]], "nobody is waited for to take it")
  }

  @Test("are told of each time they went out, because resolvers have a file again, and not when they did not")
  func told() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    announcer.linkUp()
    announcer.append(keys[0])
    announcer.acknowledgeAll()
    announcer.close(keys[1])
    #expect(announcer.closed.isEmpty)
    announcer.acknowledgeAll()
    #expect(announcer.closed == [keys[1]])
    announcer.handle(.renotice(keys[1]))
    announcer.acknowledge { _ in .tooLarge(limit: 1) }
    #expect(announcer.closed == [keys[1]])
    announcer.handle(.renotice(keys[1]))
    announcer.acknowledge()
    #expect(announcer.closed == [keys[1], keys[1]])
  }
}
