import Claims
import ClaimsRegistry

/// What was accepted where, kept beside the rules that decide: it knows nothing but times of issue, so that a rule that is wrong is seen.
struct SimAudit {
  /// The newest time of issue that any of ours accepted of each account, tokens and deletions.
  private(set) var newest: [AccountKey: Int64] = [:]
  /// That of the newest deletion.
  private(set) var deletions: [AccountKey: Int64] = [:]
  /// The greatest state that any of ours had, in the order of the states.
  private(set) var best: [AccountKey: TokenVersion] = [:]
  /// Where one of ours went back to something older.
  private(set) var faults: [String] = []

  mutating func changed(_ manager: Int, _ account: AccountKey, _ before: TokenVersion?, _ after: TokenVersion) {
    newest[account] = max(newest[account] ?? .min, after.iat)
    if after.isDeleted { deletions[account] = max(deletions[account] ?? .min, after.iat) }
    best[account] = best[account].map { max($0, after) } ?? after
    if let before, after.iat < before.iat { faults.append("\(manager) went back from \(before) to \(after) of \(account)") }
  }

  /// What is wrong with what one of ours holds in the end.
  func faults(of version: TokenVersion, _ account: AccountKey) -> [String] {
    var faults: [String] = []
    if let newest = newest[account], version.iat < newest { faults.append("\(version) of \(account) is older than \(newest)") }
    if let deleted = deletions[account], !version.isDeleted, version.iat < deleted {
      faults.append("\(account) was deleted at \(deleted) and is back: \(version)")
    }
    if let best = best[account], version < best, version.digest != best.digest {
      faults.append("\(version) of \(account) comes before \(best)")
    }
    return faults
  }
}
