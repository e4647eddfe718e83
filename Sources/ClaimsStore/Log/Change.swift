public import Claims

/// What a change did to an account.
///
/// The raw values are part of the log's file format and of the hash chain: never renumber them.
public enum ChangeKind: Int, Sendable, Hashable, CaseIterable {
  /// A token found in a directory that had no log yet; served as it was, never announced.
  case adopt = 1
  /// A token that was pushed and accepted.
  case put = 2
  /// A tombstone; the record's token is the delete claim.
  case delete = 3
  /// A token that a deletion removed, brought back on purpose.
  case restore = 4
  /// The account went to another operator; the token stays as it was.
  case transfer = 5
  /// Claims that let nobody in, made by this program in front of a tombstone, so that servers drop the account's clients.
  case close = 6
  /// A token that is older than the account's mark, accepted on purpose.
  case acceptOlder = 7
  /// An activation that the account granted; its claims stay as they are.
  case activation = 8

  /// A token that a file brought to a server which only follows its directory: the files are the truth there, whatever is newer.
  case follow = 9

  /// Whether the record says what the account's claims are from then on, or that it has none any more.
  public var changesClaims: Bool { self != .activation }

  /// Whether the record's token is a version of the account's claims that somebody brought: no tombstone, nor the closing claims in front of one.
  public var isVersion: Bool { changesClaims && self != .delete && self != .close }

  /// The field's word for the kind, as histories print it.
  public var name: String {
    switch self {
    case .adopt: "adopt"
    case .put: "put"
    case .delete: "delete"
    case .restore: "restore"
    case .transfer: "transfer"
    case .close: "close"
    case .acceptOlder: "accept-older"
    case .activation: "activation"
    case .follow: "follow"
    }
  }

  /// The kind of a word.
  public init?(name: String) {
    guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }
}

/// One change of one account, before it has a place in the log.
public struct Change: Sendable, Hashable {
  /// When the change was accepted, in milliseconds since 1970.
  public let time: Int64
  /// What it did.
  public let kind: ChangeKind
  /// The account it changed.
  public let subject: AccountKey
  /// The token that made the change: account claims, the delete claim of a tombstone, or an activation; nil when the log has given up its bytes.
  public let token: Token?
  /// SHA-256 of the token's bytes.
  public let digest: TokenDigest
  /// The token's `jti`, which names it for people but does not identify it.
  public let jti: String
  /// The account's mark after this change, in seconds since 1970: the newest `iat` accepted so far. It is the token's own `iat`, unless an
  /// older token was brought back on purpose or a delete claim removed a newer one of its second.
  public let iat: Int64
  /// The change's place among those of the same mark: the second one accepted has generation 1.
  public let generation: Int64
  /// The token's `exp`, in seconds since 1970; 0 for never.
  public let expires: Int64
  /// Who signed the token.
  public let issuer: String
  /// Who asked for the change, for the audit.
  public let actor: String
  /// The identity key of the operator that the account belongs to; empty when that is not known.
  public let owner: String

  /// Creates a change.
  public init(
    time: Int64, kind: ChangeKind, subject: AccountKey, token: Token?, digest: TokenDigest, jti: String, iat: Int64, generation: Int64,
    expires: Int64, issuer: String, actor: String, owner: String = ""
  ) {
    self.time = time
    self.kind = kind
    self.subject = subject
    self.token = token
    self.digest = digest
    self.jti = jti
    self.iat = iat
    self.generation = generation
    self.expires = expires
    self.issuer = issuer
    self.actor = actor
    self.owner = owner
  }
}

/// A change with its place in the log.
public struct ChangeRecord: Sendable, Hashable {
  /// The record's number: 1 for the first, without gaps.
  public let sequence: Int64
  /// The change.
  public let change: Change
  /// SHA-256, 32 bytes, over the previous record's chain value and this record's fields (see ``ChangeChain``).
  public let chain: [UInt8]

  /// Creates a record.
  public init(sequence: Int64, change: Change, chain: [UInt8]) {
    self.sequence = sequence
    self.change = change
    self.chain = chain
  }
}
