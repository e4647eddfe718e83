import ClaimsTestSupport
import Synchronization
import Testing

@testable import ClaimsNATS

@Suite("Accounts to be announced again")
struct AgainListTests {
  private final class Calls: Sendable {
    let count = Mutex(0)
  }

  @Test("wait once each, and are told of when there was nothing to take before")
  func once() throws {
    let (calls, list) = (Calls(), AgainList(drops: DropCount()))
    list.notify { calls.count.withLock { $0 += 1 } }
    let accounts = try (0..<2).map { _ in try TestAuthority.account() }
    for account in accounts + accounts { list.add(account) }
    #expect(calls.count.withLock { $0 } == 1)
    #expect(Set(list.take()) == Set(accounts))
    #expect(list.take() == [])
    list.add(accounts[0])
    #expect(calls.count.withLock { $0 } == 2)
  }
  @Test("are told of to one who begins to listen after they were added")
  func late() throws {
    let (calls, list) = (Calls(), AgainList(drops: DropCount()))
    list.add(try TestAuthority.account())
    list.notify { calls.count.withLock { $0 += 1 } }
    #expect(calls.count.withLock { $0 } == 1)
  }

  @Test("are not more than there is room for, and what there is no room for is counted")
  func bounded() throws {
    let drops = DropCount()
    let list = AgainList(most: 2, drops: drops)
    for _ in 0..<3 { list.add(try TestAuthority.account()) }
    #expect(list.take().count == 2)
    #expect(drops.value == 1)
  }
}
