import Synchronization

/// The named warnings that `/readyz` shows: things an operator should know that do not make the server unready.
public final class Warnings: Sendable {
  /// The kinds of warning.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Files of the directory that are not served.
    case damagedFiles = "damaged_files"
    /// Files that are served although we would refuse them as a push.
    case adoptedAsFound = "adopted_as_found"
    /// The system account's claims are not stored.
    case missingSystemAccount = "missing_system_account"
    /// Operators' files that are not followed: unreadable, damaged, of another operator, or older than what is trusted.
    case operatorFiles = "operator_files"
    /// Accounts served with claims that no trusted key signed.
    case untrustedClaims = "untrusted_claims"
    /// A change that cannot be announced to the nats-servers.
    case unpublishable = "unpublishable_changes"
    /// Accounts of which somebody keeps sending nats-servers other claims.
    case contestedAccounts = "contested_accounts"
    /// Resolvers that keep what is deleted here, or do not take what is stored.
    case peers
    /// Accounts of which another server of ours holds something else that is not taken here.
    case disagreements
    /// Deleted accounts that nats-servers still hold.
    case deletedButHeld = "deleted_but_held"
    /// The last change could not be stored.
    case log
    /// The directory's files cannot be written.
    case directory
    /// The NATS connection is up but useless, or refused.
    case nats
  }

  private let state = Mutex<[Kind: [String]]>([:])

  /// Creates an empty set.
  public init() {}

  static let shown = 20

  /// Says what is to be said of a kind, at most 20 texts of it; nothing ends the warning.
  ///
  /// - Parameters:
  ///   - kind: the kind.
  ///   - texts: what is to be said.
  ///   - total: how many texts there would be, when those given are only the first of them.
  public func set(_ kind: Kind, _ texts: [String], of total: Int? = nil) {
    var shown = Array(texts.prefix(Self.shown))
    let more = max(total ?? 0, texts.count) - shown.count
    if more > 0 { shown.append("and \(more) more") }
    state.withLock { [shown] in $0[kind] = shown.isEmpty ? nil : shown }
  }

  /// All warnings, by kind.
  public var all: [(kind: Kind, texts: [String])] {
    let now = state.withLock { $0 }
    return Kind.allCases.compactMap { kind in now[kind].map { (kind, $0) } }
  }
}
