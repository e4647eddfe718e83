import Claims
import ClaimsTestSupport
import Synchronization
import Testing

@testable import ClaimsRegistry

@Suite("Accounts that are asked for and not known")
struct UnknownAccountsTests {
  @Test("are counted, those asked for most first, until they are known")
  func counted() throws {
    let unknown = UnknownAccounts(clock: WallClock { 5 })
    let accounts = try (0..<3).map { _ in try TestAuthority.account() }
    for (number, account) in accounts.enumerated() { for _ in 0...number { unknown.asked(account) } }
    #expect(unknown.all { _ in false }.map(\.account) == accounts.reversed())
    #expect(unknown.all { _ in false }.map(\.asked.count) == [3, 2, 1])
    #expect(unknown.all { $0 == accounts[2] }.count == 2)
    #expect(unknown.all { _ in false }.count == 2)
  }

  @Test("are bounded: a storm of invented keys takes no more room, and old ones make room for new")
  func bounded() throws {
    let clock = TestClock()
    let unknown = UnknownAccounts(clock: WallClock { clock.time.withLock { $0 } })
    for _ in 0..<1500 { unknown.asked(try TestAuthority.account()) }
    #expect(unknown.all { _ in false }.count == 1024)
    #expect(unknown.passedOver == 1500 - 1024)
    clock.time.withLock { $0 = 600_001 }
    let late = try TestAuthority.account()
    unknown.asked(late)
    #expect(unknown.all { _ in false }.map(\.account) == [late])
  }

  private final class TestClock: Sendable {
    let time = Mutex<Int64>(0)
  }
}
