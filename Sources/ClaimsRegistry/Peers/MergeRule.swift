import Claims

/// What a server does with another's state of an account: a pure function.
///
/// Both sides take the greater state of ``TokenVersion``'s order, so that they end with the same whatever is exchanged when. What the other side
/// says of generations is not proved, so it must not take an account back for ever: a token or delete claim that was replaced here counts again only
/// for a while after it was accepted, as long as servers may still have heard of two changes of one second in different order.
public enum MergeRule {
  /// What to do.
  public enum Judgement: Sendable, Hashable {
    /// The other state is greater: it becomes ours.
    case take
    /// Ours is as great, or greater.
    case keep
    /// The other state is greater, and was replaced here too long ago: somebody has to push something newer.
    case conflict
  }

  /// How much further than here another server counts within a second at most: a greater number is an invention, and would leave no room.
  public static let largestLead: Int64 = 100_000

  /// For how long after its acceptance here a state that was replaced counts again, in milliseconds.
  public static let settling: Int64 = 600_000

  /// Judges another's state.
  ///
  /// - Parameters:
  ///   - other: the other side's state.
  ///   - own: ours; nil when nothing was ever stored.
  ///   - now: the time, in milliseconds since 1970.
  ///   - acceptance: when this very token or delete claim was accepted here; nil when it never was.
  /// - Returns: what to do.
  public static func judge(
    _ other: TokenVersion, over own: TokenVersion?, now: Int64, acceptance: () throws -> Int64?
  ) rethrows -> Judgement {
    let counted = own?.iat == other.iat ? own?.generation ?? 0 : 0
    guard other.generation >= 0, other.generation <= max(counted, 0) + largestLead else { return .keep }
    guard let own else { return .take }
    guard other > own else { return .keep }
    // What is served is the same: a place within the second alone is no change.
    guard other.digest != own.digest else { return .keep }
    guard let accepted = try acceptance() else { return .take }
    return now - accepted <= settling ? .take : .conflict
  }
}
