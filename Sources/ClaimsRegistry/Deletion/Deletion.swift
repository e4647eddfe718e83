public import Claims

/// What a delete claim did to one account.
public struct Deletion: Sendable, Hashable {
  /// The account that is deleted.
  public let account: AccountKey
  /// Whether closing claims were stored in front of the tombstone, so that servers are told to drop the account's clients.
  public let isClosed: Bool

  /// Creates the outcome.
  public init(account: AccountKey, isClosed: Bool) {
    self.account = account
    self.isClosed = isClosed
  }
}
