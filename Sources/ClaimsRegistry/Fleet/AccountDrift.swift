public import Claims

/// An account of which a nats-server holds something else than the store.
public struct AccountDrift: Sendable, Hashable {
  /// What is wrong.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The server holds claims that the store replaced.
    case older
    /// The server holds claims that the store never took.
    case foreign
    /// The account is deleted, and the server still lets its clients in.
    case deleted
  }

  /// The account.
  public let account: AccountKey
  /// The server's id.
  public let server: String
  /// The server's name.
  public let name: String
  /// What is wrong.
  public let kind: Kind
  /// The issue time of what the server holds, in seconds since 1970; 0 when it is not known.
  public let iat: Int64

  /// Names a drift.
  public init(account: AccountKey, server: String, name: String, kind: Kind, iat: Int64) {
    self.account = account
    self.server = server
    self.name = name
    self.kind = kind
    self.iat = iat
  }
}
