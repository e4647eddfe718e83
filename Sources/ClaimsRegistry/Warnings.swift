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
    /// A change that cannot be announced to the nats-servers.
    case unpublishable = "unpublishable_changes"
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

  private static let shown = 20

  /// Says what is to be said of a kind, at most 20 texts of it; nothing ends the warning.
  public func set(_ kind: Kind, _ texts: [String]) {
    var shown = Array(texts.prefix(Self.shown))
    if texts.count > Self.shown { shown.append("and \(texts.count - Self.shown) more") }
    state.withLock { [shown] in $0[kind] = shown.isEmpty ? nil : shown }
  }

  /// All warnings, by kind.
  public var all: [(kind: Kind, texts: [String])] {
    let now = state.withLock { $0 }
    return Kind.allCases.compactMap { kind in now[kind].map { (kind, $0) } }
  }
}
