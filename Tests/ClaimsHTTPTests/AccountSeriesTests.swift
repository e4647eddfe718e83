import ClaimsRegistry
import Testing

@testable import ClaimsHTTP

@Suite("The metrics of single accounts")
struct AccountSeriesTests {
  private func figures(_ change: (inout AccountFigures) -> Void) -> AccountFigures {
    var figures = AccountFigures()
    change(&figures)
    return figures
  }

  @Test("have connections by server, departures by reason, refusals and the last sign of life")
  func all() {
    let first = figures {
      $0.connections = ["s1": 2, "s2": 1]
      $0.disconnects = ["Client Closed": 3]
      $0.lastSeen = 5_999
    }
    let second = figures { $0.authFailures = 4 }
    let series = AccountSeries([("A", first), ("B", second), ("C", AccountFigures())]).series
    #expect(series[.accountConnections] == [["A", "s1"]: 2, ["A", "s2"]: 1])
    #expect(series[.accountDisconnects] == [["A", "Client Closed"]: 3])
    #expect(series[.accountLastSeen] == [["A"]: 5])
    #expect(series[.accountAuthFailures] == [["B"]: 4])
  }

  @Test("are those with the highest values, of each metric by itself")
  func highest() {
    let accounts = (1...1500).map { number in
      (
        account: "A\(number)",
        figures: figures { figures in
          figures.authFailures = number
          figures.connections = ["s1": 2000 - number]
        }
      )
    }
    let series = AccountSeries(accounts).series
    #expect(series[.accountAuthFailures]?.count == 1000)
    #expect(series[.accountAuthFailures]?.values.min() == 501)
    #expect(series[.accountConnections]?.values.min() == 1000)
  }

  @Test("are bounded in number also where an account has many servers")
  func bounded() {
    let servers = Dictionary(uniqueKeysWithValues: (0..<100).map { ("s\($0)", 1) })
    let accounts = (0..<500).map { (account: "A\($0)", figures: figures { $0.connections = servers }) }
    #expect(AccountSeries(accounts).series[.accountConnections]?.count == 10_000)
  }
}
