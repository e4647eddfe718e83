public import Claims

/// A record of the log as the audit shows it: without the token's bytes.
public struct LoggedChange: Sendable, Hashable {
  /// The record; its change has no token.
  public let record: ChangeRecord
  /// How many bytes the token has; nil when they were given up.
  public let size: Int?

  /// Creates it.
  public init(record: ChangeRecord, size: Int?) {
    self.record = record
    self.size = size
  }
}

/// Which records are asked for. What is nil asks for all.
public struct LogFilter: Sendable, Hashable {
  /// The account.
  public var account: AccountKey?
  /// The kinds; empty for all.
  public var kinds: Set<ChangeKind> = []
  /// Text that the actor contains.
  public var actor: String?
  /// Who signed the token.
  public var issuer: String?
  /// Not accepted before, in milliseconds since 1970.
  public var since: Int64?
  /// Not accepted after, in milliseconds since 1970.
  public var until: Int64?

  /// Asks for all.
  public init() {}

  /// Whether a change is asked for.
  public func admits(_ change: Change) -> Bool {
    (account == nil || change.subject == account) && (kinds.isEmpty || kinds.contains(change.kind))
      && (actor.map { change.actor.contains($0) } ?? true) && (issuer == nil || change.issuer == issuer)
      && (since.map { change.time >= $0 } ?? true) && (until.map { change.time <= $0 } ?? true)
  }
}
