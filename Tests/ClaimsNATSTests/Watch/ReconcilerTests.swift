import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("Asking servers what they hold")
struct ReconcilerTests {
  private func accounts(_ count: Int) throws -> [AccountKey] { try (0..<count).map { _ in try TestAuthority.account() } }

  private func holdings(_ questions: [Reconciler.Question]) -> [AccountKey] {
    questions.flatMap { if case .holdings(let accounts) = $0 { accounts } else { [AccountKey]() } }
  }

  @Test("begins a round with their lists, looks at each listed account once, and waits for the next round")
  func rounds() throws {
    var reconciler = Reconciler()
    #expect(reconciler.questions(at: .at(0)) == [.list])
    let listed = try accounts(3)
    reconciler.listed(listed)
    reconciler.listed(Array(listed.prefix(2)))
    #expect(Set(holdings(reconciler.questions(at: .at(1)))) == Set(listed))
    #expect(reconciler.questions(at: .at(29)) == [])
    #expect(reconciler.questions(at: .at(30)) == [.list])
  }

  @Test("stays within its budget of requests a second, and does not begin a round before the last one is done")
  func budget() throws {
    var reconciler = Reconciler(limits: .init(interval: .seconds(5), budget: 10))
    _ = reconciler.questions(at: .at(0))
    let listed = try accounts(100)
    reconciler.listed(listed)
    var asked: [AccountKey] = []
    for tick in 1...36 {
      let questions = reconciler.questions(at: .at(Double(tick) / 4))
      #expect(!questions.contains(.list))
      asked += holdings(questions)
      #expect(asked.count <= 10 + tick * 10 / 4)
    }
    #expect(Set(asked).count == asked.count)
    #expect(asked.count >= 95)
  }

  @Test("asks about urgent accounts first, when their time has come, but keeps a quarter for the round")
  func urgency() throws {
    var reconciler = Reconciler(limits: .init(budget: 8))
    _ = reconciler.questions(at: .at(0))
    reconciler.listed(try accounts(20))
    let urgent = try accounts(20)
    for account in urgent { reconciler.urge(account, at: .at(2)) }
    #expect(holdings(reconciler.questions(at: .at(1))).allSatisfy { !urgent.contains($0) })
    let asked = holdings(reconciler.questions(at: .at(2)))
    #expect(asked.count == 8)
    #expect(asked.filter { urgent.contains($0) }.count == 6)
  }

  @Test("says how many it could not keep")
  func bounded() throws {
    var reconciler = Reconciler(limits: .init(urgent: 2, round: 2))
    for account in try accounts(5) { reconciler.urge(account, at: .at(0)) }
    reconciler.listed(try accounts(5))
    #expect(reconciler.dropped == 6)
  }
}
