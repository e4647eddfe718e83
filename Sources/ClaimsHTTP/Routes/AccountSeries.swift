import ClaimsRegistry

/// The metrics of single accounts: of those with the most connections, and of as many as have none those that were seen last. A series for each of a
/// million accounts would be of no use to anybody.
struct AccountSeries {
  private static let mostAccounts = 1000

  private let accounts: ArraySlice<(account: String, figures: AccountFigures)>

  init(_ all: [(account: String, figures: AccountFigures)]) {
    accounts = all.sorted { Self.order($0) < Self.order($1) }.prefix(Self.mostAccounts)
  }

  private static func order(_ account: (account: String, figures: AccountFigures)) -> (Int, Int64, String) {
    (-account.figures.connected, -account.figures.lastSeen, account.account)
  }

  func show(in metrics: MetricsRegistry) {
    var connections: [[String]: Int] = [:]
    var lastSeen: [[String]: Int] = [:]
    var authFailures: [[String]: Int] = [:]
    var disconnects: [[String]: Int] = [:]
    for (account, figures) in accounts {
      for (server, count) in figures.connections { connections[[account, server]] = count }
      for (reason, count) in figures.disconnects { disconnects[[account, reason]] = count }
      if figures.lastSeen > 0 { lastSeen[[account]] = Int(figures.lastSeen / 1000) }
      if figures.authFailures > 0 { authFailures[[account]] = figures.authFailures }
    }
    metrics.show(.accountConnections, connections)
    metrics.show(.accountLastSeen, lastSeen)
    metrics.show(.accountAuthFailures, authFailures)
    metrics.show(.accountDisconnects, disconnects)
  }
}
