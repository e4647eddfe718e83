import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("The announcer's decisions")
struct AnnouncerCoreTests {
  @Test("changes are announced in order once there is a connection, and the cursor follows the server's answer")
  func inOrder() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(3)
    for key in keys { announcer.append(key) }
    #expect(announcer.batches.isEmpty)
    announcer.linkUp()
    #expect(announcer.published.map(\.account) == keys)
    #expect(announcer.cursor == 0)
    announcer.acknowledge()
    #expect(announcer.saved == 3)
  }

  @Test("an account that changed three times while NATS was away is announced once, with its newest token")
  func newestOnly() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    for _ in 0..<3 { announcer.append(keys[0]) }
    announcer.append(keys[1])
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [3, 4])
    #expect(announcer.saved == 4)
  }

  @Test("the same holds when the changes are pages apart")
  func newestOnlyOverPages() throws {
    let announcer = AnnouncerUnderTest(limits: .init(page: 4, batch: 2, batchBytes: 1000))
    let keys = try accounts(8)
    for _ in 0..<5 { for key in keys { announcer.append(key) } }
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.published.map(\.account) == keys)
    #expect(announcer.publishedSequences == Array(33...40))
    #expect(announcer.saved == 40)
  }

  @Test("a change while its account is under way is announced after it")
  func changeUnderWay() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.linkUp()
    announcer.append(key)
    announcer.append(key)
    #expect(announcer.publishedSequences == [1])
    announcer.acknowledge()
    #expect(announcer.publishedSequences == [1, 2])
    #expect(announcer.saved == 1)
    announcer.acknowledge()
    #expect(announcer.saved == 2)
  }

  @Test("what the server did not confirm is announced again, newest and in order, and the cursor waits")
  func failure() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(3)
    announcer.append(keys[0])
    announcer.append(keys[1])
    announcer.linkUp()
    announcer.append(keys[0])
    announcer.append(keys[2])
    announcer.handle(.failed(.of(.closed)))
    #expect(announcer.cursor == 0)
    #expect(announcer.batches.count == 1, "nothing goes over a link that failed")
    announcer.handle(.linkDown)
    announcer.linkUp()
    #expect(announcer.batches[1].map(\.account) == [keys[0], keys[1], keys[2]])
    #expect(announcer.batches[1].map(\.sequence) == [3, 2, 4])
    announcer.acknowledge()
    #expect(announcer.saved == 4)
  }

  @Test("a failure of the old link that comes after the new one does not stop the new one")
  func lateFailure() throws {
    let announcer = AnnouncerUnderTest()
    announcer.append(try accounts(1)[0])
    announcer.linkUp()
    announcer.handle(.linkDown)
    announcer.linkUp()
    #expect(announcer.batches.count == 1, "one batch at a time")
    announcer.handle(.failed(.of(.closed)))
    #expect(announcer.publishedSequences == [1, 1])
    announcer.acknowledge()
    #expect(announcer.saved == 1)
  }

  @Test("what was found in the directory and tombstones are not announced, and the cursor passes them")
  func notAnnounced() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    announcer.append(keys[0], announced: false)
    announcer.append(keys[1])
    announcer.delete(keys[1])
    announcer.linkUp()
    #expect(announcer.batches.isEmpty)
    #expect(announcer.saved == 3)
  }

  @Test("a token that the index does not show yet is taken from the log")
  func indexBehind() throws {
    let announcer = AnnouncerUnderTest()
    announcer.linkUp()
    announcer.append(try accounts(1)[0], visible: false)
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [1])
    #expect(announcer.saved == 1)
  }

  @Test("batches are bounded by number")
  func batchCount() throws {
    let announcer = AnnouncerUnderTest(limits: .init(page: 16, batch: 4, batchBytes: 1000))
    for key in try accounts(10) { announcer.append(key) }
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.batches.map(\.count) == [4, 4, 2])
    #expect(announcer.saved == 10)
  }

  @Test("batches are bounded by bytes, but a single large token goes")
  func batchBytes() throws {
    let announcer = AnnouncerUnderTest(limits: .init(page: 16, batch: 4, batchBytes: 100))
    for (key, size) in zip(try accounts(5), [40, 40, 40, 500, 40]) { announcer.append(key, size: size) }
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.batches.map { $0.map(\.token.bytes.count) } == [[40, 40], [40], [500], [40]])
  }

  @Test("it begins behind the cursor")
  func cursor() throws {
    let announcer = AnnouncerUnderTest(cursor: 2)
    for key in try accounts(3) { announcer.append(key) }
    announcer.linkUp()
    announcer.acknowledgeAll()
    #expect(announcer.publishedSequences == [3])
  }

  @Test("a change that comes during a read is not missed")
  func changeDuringRead() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(2)
    announcer.holdsReads = true
    announcer.linkUp()
    announcer.releaseRead()
    announcer.append(keys[0])
    let second = keys[1]
    announcer.append(second)
    announcer.holdsReads = false
    announcer.releaseRead()
    announcer.acknowledgeAll()
    #expect(announcer.published.map(\.account) == keys)
    #expect(announcer.saved == 2)
  }

  @Test("a failed read is put off, not forgotten")
  func failedRead() throws {
    let announcer = AnnouncerUnderTest()
    announcer.holdsReads = true
    announcer.linkUp()
    announcer.append(try accounts(1)[0])
    announcer.handle(.readFailed)
    #expect(announcer.delays == 1)
    announcer.holdsReads = false
    announcer.handle(.changed)
    #expect(announcer.batches.isEmpty, "changes do not hurry it")
    announcer.handle(.readAgain)
    announcer.acknowledgeAll()
    #expect(announcer.saved == 1)
  }

  @Test("a stop waits for what is under way, saves the cursor and publishes nothing more")
  func stop() throws {
    let announcer = AnnouncerUnderTest(limits: .init(page: 16, batch: 2, batchBytes: 1000))
    for key in try accounts(4) { announcer.append(key) }
    announcer.linkUp()
    announcer.handle(.stop)
    #expect(!announcer.isFinished)
    announcer.acknowledge()
    #expect(announcer.isFinished)
    #expect(announcer.saved == 2)
    #expect(announcer.batches.count == 1)
  }

  @Test("a stop without anything under way is done at once")
  func idleStop() {
    let announcer = AnnouncerUnderTest()
    announcer.handle(.stop)
    #expect(announcer.isFinished)
  }

  @Test("whatever fails in between, every account's newest token arrives and the cursor ends at the last record")
  func anyOrder() throws {
    for seed in 0..<200 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let announcer = AnnouncerUnderTest(limits: .init(page: 5, batch: 3, batchBytes: 60))
      let keys = try accounts(6)
      var arrived: [Int64] = []
      for _ in 0..<120 {
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: announcer.append(keys[Int.random(in: 0..<6, using: &random)])
        case 2: announcer.delete(keys[Int.random(in: 0..<6, using: &random)])
        case 3: announcer.linkUp()
        case 4: announcer.handle(.linkDown)
        case 5 where !announcer.isIdle:
          arrived += announcer.batches.last?.map(\.sequence) ?? []
          announcer.confirm()
        case 6 where !announcer.isIdle: announcer.fail()
        case 7: announcer.handle(.renotice(keys[Int.random(in: 0..<6, using: &random)]))
        default: break
        }
        // The promise, at any moment: behind the cursor every account's last word has arrived, or it was none to announce.
        for record in announcer.log where record.sequence <= announcer.cursor && record.token != nil {
          let isSuperseded = announcer.log.contains { $0.account == record.account && $0.sequence > record.sequence }
          #expect(arrived.contains(record.sequence) || isSuperseded, "seed \(seed)")
        }
      }
      announcer.linkUp()
      while !announcer.isIdle {
        arrived += announcer.batches.last?.map(\.sequence) ?? []
        announcer.confirm()
      }
      #expect(announcer.saved == Int64(announcer.log.count), "seed \(seed)")
      for key in keys {
        guard let last = announcer.log.last(where: { $0.account == key }), last.token != nil else { continue }
        #expect(arrived.last { sequence in announcer.log[Int(sequence) - 1].account == key } == last.sequence, "seed \(seed)")
      }
    }
  }
}
