import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsRegistry

@Suite("When servers are asked about deleted accounts")
struct HeldRoundsTests {
  private let accounts: [AccountKey]
  private let start = ContinuousClock.now
  private let interval = Duration.seconds(30)

  init() throws { accounts = try (0..<3).map { _ in try TestAuthority.account() } }

  private func asked(_ rounds: inout HeldRounds, after seconds: Int) -> Set<AccountKey>? {
    rounds.begin(at: start + .seconds(seconds), every: interval).map { Set($0.unasked + $0.others) }
  }

  @Test("is at once, then every interval, and soon after servers could not be asked")
  func times() {
    var rounds = HeldRounds()
    rounds.watch(accounts[0])
    #expect(asked(&rounds, after: 0) == [accounts[0]])
    #expect(asked(&rounds, after: 29) == nil)
    #expect(asked(&rounds, after: 30) == [accounts[0]])
    rounds.failed(at: start + .seconds(31))
    #expect(asked(&rounds, after: 31) == nil)
    #expect(asked(&rounds, after: 32) == [accounts[0]])
    rounds.hurry()
    #expect(asked(&rounds, after: 33) == [accounts[0]])
  }

  @Test("is in every round for those that are held, and ever less often for those that nobody held")
  func released() {
    var rounds = HeldRounds()
    for account in accounts.prefix(2) { rounds.watch(account) }
    var of: [[Int]] = [[], []]
    for round in 1...20 {
      let now = asked(&rounds, after: round * 30) ?? []
      for number in 0..<2 where now.contains(accounts[number]) {
        of[number].append(round)
        rounds.answered(accounts[number], number == 0 ? ["s1"] : [])
      }
    }
    #expect(of[0] == Array(1...20))
    #expect(of[1] == [1, 2, 4, 8, 16])
    #expect(rounds.holders == [accounts[0]: ["s1"]])
    for account in accounts { rounds.forget(account) }
    #expect(asked(&rounds, after: 700) == [])
  }

  @Test("is for so many that wait; for which there is no room is counted")
  func bounded() {
    var rounds = HeldRounds(mostUnasked: 2, mostReleased: 1)
    for account in accounts + accounts { rounds.watch(account) }
    #expect(rounds.passedOver == 2, "the third, twice")
    _ = asked(&rounds, after: 0)
    for account in accounts.prefix(2) { rounds.answered(account, []) }
    #expect(asked(&rounds, after: 30)?.count == 1, "there is room for one that nobody held")
  }
}
