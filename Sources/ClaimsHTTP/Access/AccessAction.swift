/// What a client may want to do, as far as the right to it can be asked for.
public enum AccessAction: String, Sendable, Hashable, CaseIterable {
  /// Ask for one account's token.
  case lookups
  /// Store a token, or have one announced again.
  case pushes
  /// Delete an account.
  case deletes
  /// Fetch every account's token.
  case packs
  /// List accounts and operators, and read what is known of them.
  case lists
  /// Read the figures of the program.
  case metrics
}
