import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Testing

@testable import ClaimsNATS

@Suite("The ledger of deliveries")
struct DeliveryLedgerTests {
  private let account: AccountKey
  private let live = ["a", "b", "c"]

  init() throws { account = try TestAuthority.account() }

  private func outcomes(_ ledger: DeliveryLedger, of account: AccountKey? = nil) -> [String: DeliveryReport.Outcome] {
    let report = ledger.report(of: account ?? self.account, at: .at(100)) { $0 }
    return Dictionary(uniqueKeysWithValues: (report?.lines ?? []).map { ($0.id, $0.outcome) })
  }

  @Test("keeps a line for each live server, and is settled when all confirmed")
  func settled() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: live, at: .at(0))
    #expect(outcomes(ledger) == ["a": .silent, "b": .silent, "c": .silent])
    let token = DeliveryLedger.token(of: 7)
    #expect(ledger.replied(.applied, token: token, server: "a", at: .at(0.1))?.isSettled == false)
    #expect(ledger.replied(.notLoaded, token: token, server: "b", at: .at(0.2))?.isSettled == false)
    #expect(ledger.replied(.refused("no"), token: token, server: "c", at: .at(0.3))?.isSettled == false)
    #expect(outcomes(ledger) == ["a": .applied, "b": .notLoaded, "c": .refused("no")])
    #expect(ledger.report(of: account, at: .at(1)) { $0 }?.isConfirmed == false)
    #expect(ledger.replied(.applied, token: token, server: "c", at: .at(1))?.isSettled == true)
    #expect(ledger.report(of: account, at: .at(1)) { $0 }?.text == "2 applied (a, c), 1 not loaded (b)")
    #expect(ledger.openCount == 0)
  }

  @Test("has silent and refusing servers announced to again, with pauses that grow, until they confirm")
  func repeated() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: live, at: .at(0))
    _ = ledger.replied(.applied, token: DeliveryLedger.token(of: 7), server: "a", at: .at(0.1))
    _ = ledger.replied(.refused("no"), token: DeliveryLedger.token(of: 7), server: "b", at: .at(0.1))
    var times: [Double] = []
    for tick in 0..<4000 {
      let seconds = Double(tick) / 4
      guard !ledger.due(at: .at(seconds)).isEmpty else { continue }
      times.append(seconds)
      ledger.announced(account, sequence: 7, to: live, at: .at(seconds))
    }
    #expect(times.prefix(8) == [2, 4, 6, 10, 18, 34, 66, 126])
    #expect(ledger.report(of: account, at: .at(1000)) { $0 }?.repetitions == times.count)
    for server in ["b", "c"] { _ = ledger.replied(.applied, token: DeliveryLedger.token(of: 7), server: server, at: .at(1000)) }
    #expect(ledger.due(at: .at(5000)) == [])
  }

  @Test("does not announce in every tick when nothing goes out")
  func withoutLink() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: live, at: .at(0))
    let ticks = (0..<400).filter { !ledger.due(at: .at(Double($0) / 4)).isEmpty }
    #expect(ticks.count <= 100)
  }

  @Test("does not wait for servers that left, but for one that was there and is heard of a moment later")
  func comingAndGoing() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: ["a"], at: .at(0))
    ledger.joined("b", at: .at(1))
    #expect(outcomes(ledger) == ["a": .silent, "b": .silent])
    ledger.joined("c", at: .at(30))
    #expect(outcomes(ledger)["c"] == nil)
    ledger.left(["a", "b"])
    #expect(ledger.openCount == 0)
    #expect(outcomes(ledger).isEmpty)
  }

  @Test("keeps what a server said first when it refuses the claims as they come again")
  func refusedLater() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: ["a", "b"], at: .at(0))
    let token = DeliveryLedger.token(of: 7)
    _ = ledger.replied(.applied, token: token, server: "a", at: .at(0.1))
    _ = ledger.replied(.refused("over"), token: token, server: "a", at: .at(9))
    #expect(outcomes(ledger) == ["a": .applied, "b": .silent])
    #expect(ledger.standing(of: "a", to: account) == .settled)
  }

  @Test("has tokens for replies that are no question's, whatever the sequence", arguments: [42_108, 1_004_141, 1_190_572])
  func tokens(_ sequence: Int64) {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: sequence, to: ["a"], at: .at(0))
    let token = DeliveryLedger.token(of: sequence)
    #expect(!["who", "list", "ping"].contains(token))
    #expect(ledger.replied(.applied, token: token, server: "a", at: .at(0.1))?.isSettled == true)
  }

  @Test("forgets what a newer change replaced; replies to the old one count for nothing")
  func replaced() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: ["a"], at: .at(0))
    ledger.announced(account, sequence: 8, to: ["a"], at: .at(1))
    #expect(ledger.replied(.applied, token: DeliveryLedger.token(of: 7), server: "a", at: .at(2)) == nil)
    #expect(outcomes(ledger) == ["a": .silent])
    ledger.failed(sequence: 8)
    #expect(ledger.report(of: account, at: .at(3)) { $0 } == nil)
    #expect(ledger.replied(.applied, token: "no number!", server: "a", at: .at(2)) == nil)
  }

  @Test("is bounded: settled changes go first, and unsettled ones that go are counted")
  func bounded() throws {
    var ledger = DeliveryLedger(limits: .init(changes: 4))
    let accounts = try (0..<8).map { _ in try TestAuthority.account() }
    for (number, account) in accounts.prefix(4).enumerated() {
      ledger.announced(account, sequence: Int64(number), to: number % 2 == 0 ? ["a"] : [], at: .at(0))
    }
    for (number, account) in accounts.dropFirst(4).prefix(2).enumerated() {
      ledger.announced(account, sequence: Int64(10 + number), to: ["a"], at: .at(1))
    }
    #expect(ledger.givenUp == 0)
    #expect(accounts.map { ledger.report(of: $0, at: .at(2)) { $0 } != nil } == [true, false, true, false, true, true, false, false])
    for (number, account) in accounts.dropFirst(6).enumerated() {
      ledger.announced(account, sequence: Int64(20 + number), to: ["a"], at: .at(3))
    }
    #expect(ledger.givenUp == 2)
  }
  @Test("settles changes also when there is no room for more lines, and makes room by forgetting settled changes")
  func lines() throws {
    var ledger = DeliveryLedger(limits: .init(lines: 4))
    let servers = ["a", "b", "c"]
    let accounts = try (0..<6).map { _ in try TestAuthority.account() }
    for (number, account) in accounts.enumerated() {
      ledger.announced(account, sequence: Int64(number), to: servers, at: .at(0))
      for server in servers { _ = ledger.replied(.applied, token: DeliveryLedger.token(of: Int64(number)), server: server, at: .at(1)) }
      #expect(ledger.openCount == 0)
    }
    #expect(ledger.due(at: .at(1000)) == [])
    #expect(outcomes(ledger, of: accounts[0]).isEmpty)
  }

  @Test("settles changes when all lines belong to changes that are open")
  func linesOfOpen() throws {
    var ledger = DeliveryLedger(limits: .init(lines: 2))
    let open = try TestAuthority.account()
    ledger.announced(open, sequence: 1, to: ["a", "b", "c"], at: .at(0))
    for server in ["a", "b"] { _ = ledger.replied(.applied, token: DeliveryLedger.token(of: 1), server: server, at: .at(1)) }
    ledger.announced(account, sequence: 2, to: ["a"], at: .at(0))
    #expect(ledger.replied(.applied, token: DeliveryLedger.token(of: 2), server: "a", at: .at(1))?.isSettled == true)
    #expect(ledger.openCount == 1)
    #expect(ledger.givenUp == 1)
  }

  @Test("forgets the refusal of a server that left")
  func refusedAndLeft() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: ["a", "b"], at: .at(0))
    _ = ledger.replied(.applied, token: DeliveryLedger.token(of: 7), server: "a", at: .at(0.1))
    _ = ledger.replied(.refused("no"), token: DeliveryLedger.token(of: 7), server: "b", at: .at(0.1))
    ledger.left(["b"])
    #expect(outcomes(ledger) == ["a": .applied])
    #expect(ledger.report(of: account, at: .at(1)) { $0 }?.isConfirmed == true)
  }

  @Test("forgets what was announced of an account that is deleted, but not closing claims")
  func deleted() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: ["a"], at: .at(0))
    ledger.deleted(account, sequence: 6)
    #expect(ledger.openCount == 1)
    ledger.deleted(account, sequence: 8)
    #expect(ledger.openCount == 0)
    #expect(ledger.due(at: .at(100)) == [])
    ledger.announced(account, sequence: 8, isClosing: true, to: ["a"], at: .at(0))
    ledger.deleted(account, sequence: 9)
    #expect(ledger.openCount == 1)
  }

  @Test("has closing claims that a server refuses signed anew less and less often, up to once an hour")
  func closings() {
    var ledger = DeliveryLedger()
    var (sequence, times): (Int64, [Int]) = (7, [])
    ledger.announced(account, sequence: sequence, isClosing: true, to: ["a", "b"], at: .at(0))
    _ = ledger.replied(.applied, token: DeliveryLedger.token(of: sequence), server: "a", at: .at(0.1))
    for second in 0..<50_000 {
      let isDue = !ledger.due(at: .at(Double(second))).isEmpty
      guard isDue || second % 30 == 0 && ledger.missed(account, by: "b", at: .at(Double(second))) else { continue }
      sequence += 2
      ledger.announced(account, sequence: sequence, isClosing: true, to: ["a", "b"], at: .at(Double(second)))
      _ = ledger.replied(.refused("no"), token: DeliveryLedger.token(of: sequence), server: "b", at: .at(Double(second)))
      times.append(second)
    }
    #expect(times.count < 60)
    #expect(zip(times, times.dropFirst()).suffix(10).allSatisfy { $1 - $0 >= 1800 })
    #expect(outcomes(ledger) == ["a": .applied, "b": .refused("no")])
    #expect(ledger.replied(.applied, token: DeliveryLedger.token(of: sequence), server: "b", at: .at(50_000))?.isSettled == true)
  }

  @Test("takes what a server is found to hold for its reply, also to a change that was announced before the start")
  func found() {
    var ledger = DeliveryLedger()
    ledger.announced(account, sequence: 7, to: ["a", "b"], at: .at(0))
    func found(_ sequence: Int64, _ server: String, isLoaded: Bool = true) -> DeliveryLedger.Noted? {
      ledger.found(.init(sequence: sequence, isLoaded: isLoaded), of: account, at: server, now: .at(1))
    }
    #expect(found(6, "a") == nil)
    #expect(found(7, "a")?.isSettled == false)
    // What has a directory of its own may have an older one there.
    #expect(found(7, "b", isLoaded: false) == nil)
    #expect(found(7, "b")?.isSettled == true)
    #expect(found(7, "b") == nil)
    #expect(outcomes(ledger) == ["a": .applied, "b": .applied])
    ledger = DeliveryLedger()
    #expect(found(7, "a")?.isSettled == true)
    #expect(found(7, "c", isLoaded: false)?.isSettled == true)
    #expect(outcomes(ledger) == ["a": .applied, "c": .notLoaded])
    // All may not have been asked yet.
    #expect(ledger.report(of: account, at: .at(2)) { $0 }?.isConfirmed == false)
    #expect(ledger.due(at: .at(1000)) == [])
    #expect(ledger.standing(of: "b", to: account) == .settled)
    ledger.announced(account, sequence: 7, to: ["a", "b"], at: .at(10))
    #expect(outcomes(ledger) == ["a": .applied, "b": .silent, "c": .notLoaded])
  }
}
