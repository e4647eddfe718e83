import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("Repairs of an account that others change at the servers")
struct RepairsTests {
  private let account: AccountKey
  private let cause = Repairs.Cause(text: "older", issuer: "O", place: "subject")

  init() throws { account = try TestAuthority.account() }

  @Test("are made at once three times within a minute, then after pauses that grow, and raise an alert")
  func fight() {
    var repairs = Repairs()
    for second in 0..<3 { #expect(repairs.seen(cause, of: account, at: .at(Double(second))) == .announce) }
    #expect(repairs.alerts.isEmpty)
    #expect(repairs.seen(cause, of: account, at: .at(3)) == .postpone)
    #expect(repairs.alerts.map(\.account) == [account])
    var times: [Double] = []
    for tick in 12..<400 {
      let seconds = Double(tick) / 4
      _ = repairs.seen(cause, of: account, at: .at(seconds))
      if !repairs.due(at: .at(seconds)).isEmpty { times.append(seconds) }
    }
    #expect(times == [13, 33.25, 73.5])
    #expect(repairs.alerts.first?.count == 6)
  }

  @Test("are made once more after the last pause, and the account is at peace a minute after the last attack")
  func peace() {
    var repairs = Repairs()
    for second in 0..<5 { _ = repairs.seen(cause, of: account, at: .at(Double(second))) }
    #expect(repairs.due(at: .at(12)) == [])
    #expect(repairs.due(at: .at(13)) == [account])
    #expect(repairs.due(at: .at(63)) == [])
    #expect(!repairs.alerts.isEmpty)
    _ = repairs.due(at: .at(64))
    #expect(repairs.alerts.isEmpty)
    #expect(repairs.seen(cause, of: account, at: .at(65)) == .announce)
  }

  @Test("of single attacks more than a minute apart are all made at once")
  func seldom() {
    var repairs = Repairs()
    for minute in 0..<10 {
      #expect(repairs.seen(cause, of: account, at: .at(Double(minute) * 61)) == .announce)
      _ = repairs.due(at: .at(Double(minute) * 61 + 1))
    }
    #expect(repairs.alerts.isEmpty)
  }
  @Test("go on for others when very many accounts are attacked: those at peace are forgotten first")
  func crowd() throws {
    var repairs = Repairs(most: 8)
    for number in 0..<100 {
      #expect(repairs.seen(cause, of: try TestAuthority.account(), at: .at(Double(number))) == .announce)
    }
    #expect(repairs.uncounted == 92)
  }

  @Test("have a rate when somebody goes round more accounts than are kept")
  func round() throws {
    var repairs = Repairs(most: 8)
    let accounts = try (0..<40).map { _ in try TestAuthority.account() }
    let decisions = (0..<2000).map { repairs.seen(cause, of: accounts[$0 % 40], at: .at(Double($0) / 1000)) }
    #expect(decisions.filter { $0 == .announce }.count <= 8 + 3 * 50)
  }

  @Test("go on for others, at a rate, when more accounts are fought over than are kept")
  func manyFights() throws {
    var repairs = Repairs(most: 8)
    for _ in 0..<8 {
      let account = try TestAuthority.account()
      for _ in 0..<4 { _ = repairs.seen(cause, of: account, at: .at(0)) }
    }
    #expect(repairs.alerts.count == 8)
    let decisions = (0..<200).map { repairs.seen(cause, of: account, at: .at(1 + Double($0) / 100)) }
    #expect(decisions.filter { $0 == .announce }.count == 100)
    #expect(repairs.uncounted == 200)
    #expect(repairs.alerts.count == 8)
  }
}
