public import Claims

/// Who asks the nats-servers which of them hold an account.
public protocol AccountHolders: Sendable {
  /// Asks all servers about these accounts; comes back within a few seconds whatever they do.
  func holders(of accounts: [AccountKey]) async -> HoldersAnswer
}

/// What the nats-servers said.
public enum HoldersAnswer: Sendable, Hashable {
  /// For each account that was answered for, the servers that let its clients in, sorted.
  case asked([AccountKey: [String]])
  /// They could not be asked, for this reason.
  case notAsked(String)
}
