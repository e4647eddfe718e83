import Claims

/// What a server does with another's state of an account: a pure function.
///
/// Both sides take the greater state of ``TokenVersion``'s order, so that they end with the same whatever is exchanged when. What the other side
/// says of generations is not proved, so it must not take an account back: a token that was replaced here counts only where the generations are
/// the same, and a delete claim that did its work here does none again.
public enum MergeRule {
  /// What to do.
  public enum Judgement: Sendable, Hashable {
    /// The other state is newer: it becomes ours.
    case take
    /// Ours is as new, or newer.
    case keep
  }

  /// No server of ours counts further within a second; a greater number is an invention.
  public static let largestGeneration: Int64 = 1_000_000

  /// Judges another's state.
  ///
  /// - Parameters:
  ///   - other: the other side's state.
  ///   - own: ours; nil when nothing was ever stored.
  ///   - wasHere: whether the log here holds a record made by this very token or delete claim.
  /// - Returns: what to do.
  public static func judge(_ other: TokenVersion, over own: TokenVersion?, wasHere: () throws -> Bool) rethrows -> Judgement {
    guard (0...largestGeneration).contains(other.generation) else { return .keep }
    guard let own else { return .take }
    guard other > own, other.digest != own.digest else { return .keep }
    guard try wasHere() else { return .take }
    guard other.iat == own.iat, other.generation == own.generation, !other.isDeleted, !own.isDeleted else { return .keep }
    return .take
  }
}
