import Claims
import ClaimsRegistry

/// What servers tell of each account: its connections, who came and went, who was refused. Pure.
struct AccountActivity: Sendable {
  private struct Account: Sendable {
    var figures = AccountFigures()
    /// Connections by the server's id.
    var connections: [String: Int] = [:]
  }

  /// Accounts that are followed; of more nothing is kept.
  private let most: Int
  private var accounts: [String: Account] = [:]
  /// How many events were not kept for want of room.
  private(set) var dropped = 0

  init(most: Int = 100_000) {
    self.most = most
  }

  /// An account has so many connections at a server.
  mutating func connections(_ count: Int, of account: String, at server: String) {
    change(account) { $0.connections[server] = count > 0 ? count : nil }
  }

  /// A client of an account connected, at `time` in milliseconds since 1970.
  mutating func connected(_ account: String, at time: Int64) {
    change(account) { account in
      account.figures.connects += 1
      account.figures.lastSeen = max(account.figures.lastSeen, time)
    }
  }

  /// A client of an account is gone, for a reason in the server's words.
  mutating func disconnected(_ account: String, reason: String, at time: Int64) {
    change(account) { account in
      let reasons = account.figures.disconnects
      // The reasons are a dozen; whatever comes beyond is one kind.
      let reason = reasons[reason] != nil || reasons.count < 32 ? reason : "other"
      account.figures.disconnects[reason, default: 0] += 1
      account.figures.lastSeen = max(account.figures.lastSeen, time)
    }
  }

  /// A client that showed a token of an account was refused.
  mutating func refused(_ account: String) {
    change(account) { $0.figures.authFailures += 1 }
  }

  /// Servers are not live any more: nothing is connected there, as far as is known. A server that is killed tells nobody.
  mutating func left(_ servers: [String]) {
    guard !servers.isEmpty else { return }
    for (name, var account) in accounts where !account.connections.isEmpty {
      for server in servers { account.connections[server] = nil }
      accounts[name] = account
    }
  }

  /// What is known of an account; nil when nothing is.
  func figures(of account: String, name: (String) -> String) -> AccountFigures? {
    accounts[account].map { Self.figures($0, name) }
  }

  /// What is known of each, in no order.
  func all(name: (String) -> String) -> [(account: String, figures: AccountFigures)] {
    accounts.map { ($0.key, Self.figures($0.value, name)) }
  }

  private static func figures(_ account: Account, _ name: (String) -> String) -> AccountFigures {
    var figures = account.figures
    for (server, count) in account.connections { figures.connections[name(server), default: 0] += count }
    return figures
  }

  private mutating func change(_ account: String, _ body: (inout Account) -> Void) {
    if accounts[account] == nil, accounts.count >= most {
      dropped += 1
      return
    }
    body(&accounts[account, default: Account()])
  }
}
