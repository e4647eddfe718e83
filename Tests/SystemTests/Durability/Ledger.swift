import Claims

/// What clients asked for of their accounts, and what was acknowledged: the truth that a crashed server is measured by.
actor Ledger {
  /// What an account may hold.
  enum Holding: Sendable, Hashable, CustomStringConvertible {
    case token(Token)
    case nothing

    var description: String {
      guard case .token(let token) = self else { return "nothing" }
      guard let claims = try? DecodedToken.decode(token).claims else { return "no token: \(token.text)" }
      return "the token \(claims.account?.common.name ?? "") of \(claims.common.iat)"
    }
  }

  private struct Line {
    var acknowledged = Holding.nothing
    /// What was begun since, and may have come to be: requests without an answer, and files that were copied in.
    var possible: [Holding] = []
  }

  private var lines: [AccountKey: Line] = [:]
  private(set) var acknowledgements = 0

  /// A change begins.
  func begins(_ holding: Holding, of account: AccountKey) { lines[account, default: Line()].possible.append(holding) }

  /// A change was acknowledged: nothing that was begun before can come to be any more.
  func acknowledged(_ holding: Holding, of account: AccountKey) {
    lines[account] = Line(acknowledged: holding)
    acknowledgements += 1
  }

  /// What an account may hold, for messages.
  func expected(of account: AccountKey) -> String {
    let line = lines[account, default: Line()]
    return "\(line.acknowledged) is acknowledged, and then begun: \(line.possible.map(\.description).joined(separator: ", "))"
  }

  /// All accounts, sorted.
  var accounts: [AccountKey] { lines.keys.sorted() }

  /// The newest acknowledged claims of an account, for whoever waits for them.
  func allows(_ holding: Holding, of account: AccountKey) -> Bool {
    guard let line = lines[account] else { return holding == .nothing }
    return line.acknowledged == holding || line.possible.contains(holding)
  }

  /// Notes what is held after a crash, and says whether it may be: what was acknowledged, or something that was begun later.
  func settles(_ holding: Holding, of account: AccountKey) -> Bool {
    guard allows(holding, of: account) else { return false }
    lines[account] = Line(acknowledged: holding)
    return true
  }
}
