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

  private func asks(_ actions: [SystemCore.Action]) -> Bool {
    actions.contains { action in
      if case .ask(.holdings(let accounts)) = action { accounts.contains(account) } else { false }
    }
  }

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

  @Test("servers that are all behind are one finding, also when they are heard before the announcement is out", arguments: [3, 50])
  func behindAtOnce(_ count: Int) throws {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: .at(0))
    let entry = DriftTable.Entry(kind: .older, iat: 1)
    var repairs = 0
    for number in 0..<count {
      repairs += announcements(core.handle(.differs(account, try server("s\(number)"), entry, cause), at: .at(10 + Double(number) / 1000)))
    }
    #expect(repairs == 1)
    _ = core.handle(.announced(account, sequence: 7), at: .at(10.1))
    #expect(core.repairs.alerts.isEmpty)
    // An attack is still answered at once.
    #expect(announcements(core.handle(.foreign(account, cause), at: .at(12))) == 1)
  }

  @Test("an attack whose claims are found at a server before its message is heard is answered twice, and is one repair")
  func foundFirst() throws {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: .at(0))
    for second in [1.0, 6.0] { #expect(announcements(core.handle(.foreign(account, cause), at: .at(second))) == 1) }
    let entry = DriftTable.Entry(kind: .older, iat: 1)
    #expect(announcements(core.handle(.differs(account, try server("s1"), entry, cause), at: .at(11))) == 1)
    // What was announced for that may have come to other servers before the attack did.
    #expect(announcements(core.handle(.foreign(account, cause), at: .at(11.1))) == 1)
    #expect(core.repairs.alerts.isEmpty)
    #expect(announcements(core.handle(.foreign(account, cause), at: .at(11.2))) == 0, "that is the fourth")
    #expect(core.repairs.alerts.count == 1)
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
  func acquaintance() throws {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: .at(5))
    _ = core.handle(.heard(try server("s1")), at: .at(5.1))
    _ = core.handle(.announced(account, sequence: 7), at: .at(5.2))
    _ = core.handle(.replied(.applied, token: DeliveryLedger.token(of: 7), try server("s1")), at: .at(5.3))
    let early = core.report(of: account, at: .at(5.4))
    #expect(early?.isConfirmed == false && early?.doubt == .newConnection)
    #expect(early?.text == "1 applied (s1); the connection to NATS is new: not all servers have said that they are there")
    #expect(core.report(of: account, at: .at(5.6))?.isConfirmed == true)
    _ = core.handle(.linkDown, at: .at(6))
    let late = core.report(of: account, at: .at(7))
    #expect(late?.isConfirmed == false && late?.doubt == .noConnection)
    #expect(late?.text == "1 applied (s1); there is no connection to NATS now")
  }

  @Test("of closing claims that are not kept any more nobody's confirmation is waited for")
  func nothingLeft() throws {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: .at(0))
    _ = core.handle(.heard(try server("s1")), at: .at(0.1))
    _ = core.handle(.announced(account, sequence: 7, isClosing: true), at: .at(1))
    _ = core.handle(.nothingLeft(account), at: .at(5))
    #expect(core.deliveries.openCount == 0)
    _ = core.handle(.announced(account, sequence: 8), at: .at(6))
    _ = core.handle(.nothingLeft(account), at: .at(7))
    #expect(core.deliveries.openCount == 1, "claims of an account that came back")
  }

  @Test("servers are asked who they are when a connection is there, and every half minute after that")
  func pings() {
    var core = SystemCore()
    #expect(core.handle(.linkUp, at: .at(0)) == [.ping])
    #expect(!core.handle(.tick, at: .at(29)).contains(.ping))
    #expect(core.handle(.tick, at: .at(30)).contains(.ping))
    #expect(!core.handle(.tick, at: .at(31)).contains(.ping))
    #expect(core.handle(.tick, at: .at(60)).contains(.ping))
    _ = core.handle(.linkDown, at: .at(61))
    #expect(core.handle(.tick, at: .at(100)) == [])
  }

  @Test("accounts that clients connect to, and those that changed, are asked about before a thousand others")
  func first() throws {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: .at(0))
    let others = try (0..<1000).map { _ in try TestAuthority.account() }
    _ = core.handle(.listed(try server("s1"), others), at: .at(1))
    #expect(!asks(core.handle(.tick, at: .at(2))))
    _ = core.handle(.connecting(account), at: .at(2.5))
    #expect(asks(core.handle(.tick, at: .at(3))))
    _ = core.handle(.announced(account, sequence: 7), at: .at(4))
    #expect(!asks(core.handle(.tick, at: .at(6.9))), "servers have a moment to take it")
    #expect(asks(core.handle(.tick, at: .at(7.1))))
  }

  @Test("what an unknown server is said to hold is no drift of ours to keep")
  func unknown() throws {
    var core = SystemCore(fleet: ClaimsNATS.Fleet(most: 1))
    _ = core.handle(.linkUp, at: .at(0))
    for number in 0..<5 {
      _ = core.handle(.differs(account, try server("s\(number)"), .init(kind: .older, iat: 1), nil), at: .at(1))
    }
    #expect(core.drift.all { $0 }.count == 1)
    _ = core.handle(.stops(try server("s0")), at: .at(2))
    _ = core.handle(.differs(account, try server("s0"), .init(kind: .older, iat: 1), nil), at: .at(3))
    #expect(core.drift.all { $0 }.isEmpty)
  }

  @Test("what a server refuses on its way out keeps nobody waiting")
  func lastWords() throws {
    var core = SystemCore()
    let leaving = try server("a")
    _ = core.handle(.linkUp, at: .at(0))
    _ = core.handle(.heard(leaving), at: .at(1))
    _ = core.handle(.announced(account, sequence: 7), at: .at(2))
    _ = core.handle(.stops(leaving), at: .at(3))
    _ = core.handle(.replied(.refused("over"), token: DeliveryLedger.token(of: 7), leaving), at: .at(3.1))
    #expect(core.deliveries.openCount == 0)
    #expect(core.deliveries.report(of: account, at: .at(4)) { $0 }?.lines.isEmpty == true)
  }

  @Test("an attack that overtakes its answer on the way to a server is answered again within a second")
  func overtaken() throws {
    var core = SystemCore()
    let behind = try server("a")
    _ = core.handle(.linkUp, at: .at(0))
    _ = core.handle(.heard(behind), at: .at(1))
    #expect(announcements(core.handle(.foreign(account, cause), at: .at(10))) == 1)
    _ = core.handle(.announced(account, sequence: 7), at: .at(10))
    _ = core.handle(.replied(.applied, token: DeliveryLedger.token(of: 7), behind), at: .at(10.01))
    var asked: Double?
    for tick in 0..<8 where asked == nil {
      let time = 10.1 + Double(tick) / 4
      let actions = core.handle(.tick, at: .at(time))
      if asks(actions) { asked = time }
    }
    let time = try #require(asked)
    #expect(time < 10.9)
    let entry = DriftTable.Entry(kind: .older, iat: 1)
    #expect(announcements(core.handle(.differs(account, behind, entry, cause), at: .at(time + 0.01))) == 1)
  }

  @Test("a server that refuses closing claims and holds the account on is not told in every round")
  func refusedClosing() throws {
    var core = SystemCore()
    let refusing = try server("a")
    _ = core.handle(.linkUp, at: .at(0))
    _ = core.handle(.heard(refusing), at: .at(1))
    _ = core.handle(.announced(account, sequence: 7, isClosing: true), at: .at(2))
    _ = core.handle(.replied(.refused("no"), token: DeliveryLedger.token(of: 7), refusing), at: .at(2.1))
    for round in 1..<20 {
      let actions = core.handle(.differs(account, refusing, .init(kind: .deleted, iat: 1), nil), at: .at(Double(round) * 30))
      #expect(announcements(actions) == 0)
    }
  }

  @Test(
    "closing claims of an account that is not deleted are looked at after a moment, in which the deletion may come",
    arguments: [true, false])
  func closed(_ isDeleted: Bool) throws {
    var core = SystemCore()
    _ = core.handle(.linkUp, at: .at(0))
    _ = core.handle(.tick, at: .at(1))
    #expect(core.handle(isDeleted ? .deleted(account, sequence: 9) : .closed(account), at: .at(10)).isEmpty)
    func asks(at seconds: Double) -> Bool {
      self.asks(core.handle(.tick, at: .at(seconds)))
    }
    #expect(asks(at: 10.25) == false)
    #expect(asks(at: 10.75) == true)
  }
}
