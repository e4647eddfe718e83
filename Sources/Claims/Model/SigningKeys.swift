public import Nkeys

/// What users signed by a scoped signing key get.
public struct UserScope: Hashable, Sendable {
  /// The signing key.
  public var key: KeyReference = ""
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
  public init(key: KeyReference) {
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

  /// The entries by the texts of their keys.
  public internal(set) var entries: ClaimsMap<Entry>

  /// No keys.
  public init() { entries = [:] }

  init(_ entries: ClaimsMap<Entry>) {
    self.entries = entries
  }

  /// The keys.
  public var keys: [KeyReference] { entries.keys.map { KeyReference($0) } }

  /// Whether a key is one of them, scoped or not.
  public func contains(_ key: KeyReference) -> Bool { entries[key.text] != nil }

  /// The scope of a key; nil when the key is plain or not there.
  public func scope(of key: KeyReference) -> UserScope? {
    if case .scoped(let scope) = entries[key.text] { scope } else { nil }
  }

  /// Adds a plain key.
  public mutating func add(_ key: KeyReference) { entries[key.text] = .plain }

  /// Adds a key with a scope.
  public mutating func add(_ scope: UserScope) { entries[scope.key.text] = .scoped(scope) }

  /// Removes a key.
  public mutating func remove(_ key: KeyReference) { entries[key.text] = nil }
}
