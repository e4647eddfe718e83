import ClaimsRegistry

/// The metrics of single accounts: of each the 1,000 accounts with the highest values, since a series for each of a million would be of no use to anybody.
struct AccountSeries {
  private static let mostAccounts = 1000
  /// Accounts times servers, or reasons, can be more.
  private static let mostSeries = 10_000

  private typealias Account = (account: String, figures: AccountFigures)

  /// The series, by metric and the values of its labels.
  private(set) var series: [Metric: [[String]: Int]] = [:]

  init(_ all: [(account: String, figures: AccountFigures)]) {
    add(.accountConnections, of: all, by: { $0.connected }, parts: { $0.connections })
    add(.accountDisconnects, of: all, by: { $0.disconnects.values.reduce(0, +) }, parts: { $0.disconnects })
    add(.accountLastSeen, of: all, by: { Int($0.lastSeen / 1000) })
    add(.accountAuthFailures, of: all, by: { $0.authFailures })
  }

  /// Adds a series an account.
  private mutating func add(_ metric: Metric, of all: [Account], by value: (AccountFigures) -> Int) {
    let values = Self.highest(all, by: value).map { ([$0.account.account], $0.value) }
    series[metric] = Dictionary(values) { $1 }
  }

  /// Adds a series for each part of an account.
  private mutating func add(
    _ metric: Metric, of all: [Account], by value: (AccountFigures) -> Int, parts: (AccountFigures) -> [String: Int]
  ) {
    var shown: [[String]: Int] = [:]
    for (_, (account, figures)) in Self.highest(all, by: value) {
      for (part, count) in parts(figures) where shown.count < Self.mostSeries { shown[[account, part]] = count }
    }
    series[metric] = shown
  }

  private static func highest(_ all: [Account], by value: (AccountFigures) -> Int) -> ArraySlice<(value: Int, account: Account)> {
    all.map { (value: value($0.figures), account: $0) }.filter { $0.value > 0 }
      .sorted { ($1.value, $0.account.account) < ($0.value, $1.account.account) }.prefix(mostAccounts)
  }
}
