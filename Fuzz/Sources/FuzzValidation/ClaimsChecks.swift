import Claims
import FuzzSupport

/// What holds for all claims.
enum ClaimsChecks {
  /// The issues depend on the claims and the time alone; only the time's own change with the time.
  static func validate(_ claims: Claims) {
    var lasting: [ValidationIssue]?
    for now in [Int64.min, 0, 1_750_000_000, .max] {
      let issues = claims.issues(at: now)
      invariant(issues == claims.issues(at: now), "two judgements at one time")
      invariant(issues.allSatisfy { !$0.description.isEmpty }, "an issue without a text")
      let others = issues.filter { $0.level != .time }
      // Activations inside imports are decoded and judged at the time, so accounts are left out.
      if claims.account == nil, let lasting { invariant(lasting == others, "the time changes what is no matter of time") }
      lasting = others
    }
  }

  /// A difference is empty for the same claims, and makes the new claims from the old ones.
  static func compare(_ old: Claims, _ new: Claims) {
    guard let same = try? ClaimsDifference(from: old, to: old) else { return }
    invariant(same.isEmpty && same.lines.isEmpty, "claims differ from themselves")
    guard old.common.sub == new.common.sub, let difference = try? ClaimsDifference(from: old, to: new) else { return }
    invariant(difference.lines.count == difference.changes.count, "a change without a line")
    _ = difference.jsonText
    let applied = mustSucceed("the difference does not suit its own claims") { try difference.applied(to: old) }
    let rest = mustSucceed("no difference after applying") { try ClaimsDifference(from: applied, to: new) }
    invariant(rest.isEmpty, "applied, it leaves \(rest.lines)")
  }
}
