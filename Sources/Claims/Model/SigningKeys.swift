/// What users signed by a scoped signing key get.
public struct UserScope: Hashable, Sendable {
  /// The signing key.
  public var key = ""
  /// A name for the role that these users play.
  public var role = ""
  /// The permissions and limits of the users.
  public var template = UserPermissionLimits.unlimited
  /// A text for people.
  public var description = ""
  /// Members that this version does not know.
  public var unknown = UnknownMembers()
  /// Members of the template that this version does not know.
  public var unknownInTemplate = UnknownMembers()

  init() {}

  /// A scope without limits, as the reference's constructor makes it.
  public init(key: String) {
    self.key = key
  }
}

/// An account's signing keys, each plain or with a scope, in the order of their texts.
public struct SigningKeys: Hashable, Sendable {
  /// A key without or with a scope.
  public enum Entry: Hashable, Sendable {
    /// The key signs anything the account may sign.
    case plain
    /// The key signs users with these permissions only.
    case scoped(UserScope)
  }

  /// The entries by key.
  public var entries: ClaimsMap<Entry>

  /// No keys, or those given.
  public init(_ entries: ClaimsMap<Entry> = [:]) {
    self.entries = entries
  }

  /// The keys.
  public var keys: [String] { entries.keys }

  /// Whether a key is one of them, scoped or not.
  public func contains(_ key: String) -> Bool { entries[key] != nil }

  /// The scope of a key; nil when the key is plain or not there.
  public func scope(of key: String) -> UserScope? {
    if case .scoped(let scope) = entries[key] { scope } else { nil }
  }

  /// Adds a plain key.
  public mutating func add(_ key: String) { entries[key] = .plain }

  /// Adds a key with a scope.
  public mutating func add(_ scope: UserScope) { entries[scope.key] = .scoped(scope) }

  /// Removes a key.
  public mutating func remove(_ key: String) { entries[key] = nil }
}
