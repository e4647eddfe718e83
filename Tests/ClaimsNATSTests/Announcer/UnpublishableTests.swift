import Claims
import Testing

@testable import ClaimsNATS

@Suite("Changes that cannot be announced")
struct UnpublishableTests {
  @Test("a token that is too large is named, and holds nobody up")
  func named() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(3)
    for (key, size) in zip(keys, [10, 5000, 10]) { announcer.append(key, size: size) }
    announcer.linkUp(maximumPayload: 1000)
    announcer.acknowledge { $0.token.bytes.count > 1000 ? .tooLarge(limit: 1000) : .sent }
    #expect(announcer.saved == 3)
    #expect(announcer.warnings.map(\.account) == [keys[1]])
    #expect(announcer.warnings.first?.text.contains("\(keys[1])") == true)
    #expect(announcer.warnings.first?.text.contains("5000") == true)
  }

  @Test("the warning ends when smaller claims are announced")
  func smaller() throws {
    let (announcer, key) = try withOneTooLarge()
    announcer.append(key, size: 10)
    announcer.acknowledge()
    #expect(announcer.warnings.isEmpty)
  }

  @Test("the warning ends when the account is deleted")
  func deleted() throws {
    let (announcer, key) = try withOneTooLarge()
    announcer.delete(key)
    #expect(announcer.warnings.isEmpty)
  }

  @Test("a server that takes larger messages is told after all")
  func largerServer() throws {
    let (announcer, _) = try withOneTooLarge()
    announcer.handle(.linkDown)
    announcer.linkUp(maximumPayload: 1000)
    #expect(announcer.batches.count == 1)
    announcer.handle(.linkDown)
    announcer.linkUp(maximumPayload: 10_000)
    #expect(announcer.batches.count == 2)
    announcer.acknowledge()
    #expect(announcer.warnings.isEmpty)
  }

  @Test("when the server ends the connection for a message's size, the largest is set aside and the others go")
  func violation() throws {
    let announcer = AnnouncerUnderTest()
    let keys = try accounts(4)
    for (key, size) in zip(keys, [10, 700, 600, 10]) { announcer.append(key, size: size) }
    announcer.linkUp()
    announcer.handle(.failed(.of(.payloadViolation)))
    announcer.linkUp()
    #expect(announcer.warnings.map(\.account) == [keys[1]])
    #expect(announcer.batches[1].map(\.account) == [keys[0], keys[2], keys[3]])
    announcer.handle(.failed(.of(.payloadViolation)))
    announcer.linkUp()
    #expect(announcer.warnings.count == 2)
    #expect(announcer.batches[2].map(\.account) == [keys[0], keys[3]])
    announcer.acknowledge()
    #expect(announcer.saved == 4)
    #expect(announcer.batches.count == 3, "what was refused for its size is not tried over a link that the refusal brought about")
  }

  @Test("a link that no refusal brought about tries refused sizes again: the limit may have been raised")
  func raised() throws {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.append(key, size: 700)
    announcer.linkUp()
    announcer.handle(.linkDown)
    announcer.handle(.failed(.of(.payloadViolation)))
    announcer.linkUp()
    #expect(announcer.batches.count == 1)
    #expect(announcer.warnings.map(\.account) == [key])
    announcer.handle(.linkDown)
    announcer.linkUp()
    #expect(announcer.batches.count == 2)
    announcer.acknowledge()
    #expect(announcer.warnings.isEmpty)
  }

  @Test("once a size was refused, larger claims are set aside without a try")
  func learned() throws {
    let announcer = AnnouncerUnderTest()
    announcer.append(try accounts(1)[0], size: 700)
    announcer.linkUp()
    announcer.handle(.failed(.of(.payloadViolation)))
    announcer.linkUp()
    announcer.append(try accounts(1)[0], size: 800)
    #expect(announcer.batches.count == 1)
    #expect(announcer.warnings.count == 2)
    #expect(announcer.saved == 2)
  }

  private func withOneTooLarge() throws -> (AnnouncerUnderTest, key: AccountKey) {
    let announcer = AnnouncerUnderTest()
    let key = try accounts(1)[0]
    announcer.append(key, size: 5000)
    announcer.linkUp(maximumPayload: 1000)
    announcer.acknowledge { _ in .tooLarge(limit: 1000) }
    #expect(announcer.warnings.count == 1)
    return (announcer, key)
  }
}
