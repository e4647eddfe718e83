import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("What is done about the servers")
struct SystemCoreTests {
  private let account: AccountKey
  private let cause = Repairs.Cause(text: "older", issuer: "", place: "")

  init() throws { account = try TestAuthority.account() }

  private func announcements(_ actions: [SystemCore.Action]) -> Int { actions.filter { $0 == .announce(account) }.count }

  @Test("servers that are all behind are told once, and nobody is suspected", arguments: [4, 50])
  func behind(_ count: Int) throws {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: .at(0))
    var repairs = 0
    for number in 0..<count {
      let entry = DriftTable.Entry(kind: .older, iat: 1)
      let actions = core.handle(.differs(account, try server("s\(number)"), entry, cause), at: .at(10 + Double(number) / 1000))
      repairs += announcements(actions)
      if announcements(actions) > 0 { _ = core.handle(.announced(account, sequence: 7), at: .at(10)) }
    }
    #expect(repairs == 1)
    #expect(core.repairs.alerts.isEmpty)
  }

  @Test("an attack right after an announcement is answered all the same")
  func attack() {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: .at(0))
    _ = core.handle(.announced(account, sequence: 7), at: .at(1))
    #expect(announcements(core.handle(.foreign(account, cause), at: .at(1.1))) == 1)
    #expect(announcements(core.handle(.contradicted(account, cause), at: .at(1.2))) == 0)
    #expect(announcements(core.handle(.contradicted(account, cause), at: .at(9))) == 1)
  }

  @Test("nobody is confirmed to hold anything before servers had the time to say who they are")
  func acquaintance() {
    var core = SystemCore()
    #expect(!core.isAcquainted(at: .at(5)))
    _ = core.handle(.linkUp, at: .at(5))
    #expect(!core.isAcquainted(at: .at(5.4)))
    #expect(core.isAcquainted(at: .at(5.6)))
    _ = core.handle(.linkDown, at: .at(6))
    #expect(!core.isAcquainted(at: .at(7)))
  }

  @Test("what an unknown server is said to hold is no drift of ours to keep")
  func unknown() throws {
    var core = SystemCore(fleet: ClaimsNATS.Fleet(most: 1))
    _ = core.handle(.linkUp, at: .at(0))
    for number in 0..<5 {
      _ = core.handle(.differs(account, try server("s\(number)"), .init(kind: .older, iat: 1), nil), at: .at(1))
    }
    #expect(core.drift.all { $0 }.count == 1)
  }
}
