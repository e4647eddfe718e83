import Claims

/// What clients sent of their accounts, and what was acknowledged: the truth that a crashed server is measured by.
actor Ledger {
  private struct Line {
    var acknowledged: Token?
    var underWay: Token?
  }

  private var lines: [AccountKey: Line] = [:]
  private(set) var acknowledgements = 0

  func sends(_ token: Token, of account: AccountKey) {
    lines[account, default: Line()].underWay = token
  }

  func acknowledged(_ token: Token, of account: AccountKey) {
    lines[account] = Line(acknowledged: token)
    acknowledgements += 1
  }

  /// The accounts with an acknowledged token.
  var accounts: [AccountKey] { lines.filter { $0.value.acknowledged != nil }.keys.sorted() }

  /// Notes what is served after a crash, and says whether it may be: the newest acknowledged token, or the one that was on its way.
  func accepts(_ bytes: [UInt8], of account: AccountKey) -> Bool {
    guard let line = lines[account] else { return false }
    guard line.acknowledged?.bytes == bytes || line.underWay?.bytes == bytes else { return false }
    lines[account] = Line(acknowledged: Token(bytes))
    return true
  }
}
