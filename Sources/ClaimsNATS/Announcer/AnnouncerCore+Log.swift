import Claims
import ClaimsStore
import Logging
import Synchronization

extension AnnouncerCore.Record {
  /// What a record of the log asks of the announcer.
  init(_ record: ChangeRecord) {
    let change = record.change
    let token: Token? =
      switch change.kind {
      case .put, .restore, .acceptOlder, .close, .follow: change.token
      case .adopt, .delete, .transfer, .activation: nil
      }
    self.init(
      sequence: record.sequence, account: change.subject, token: token, isTombstone: change.kind == .delete,
      isClosing: change.kind == .close)
  }
}

/// Asks the store for accounts' newest claims, and tells once of each that it cannot give.
final class NewestInStore: Sendable {
  private let store: Store
  private let logger: Logger
  private let unreadable = Mutex<Set<AccountKey>>([])

  init(_ store: Store, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  /// What the store says of an account; nil when it holds nothing.
  func newest(of account: AccountKey) -> AnnouncerCore.Newest? {
    guard let entry = store.index.entry(of: account.raw) else { return nil }
    do {
      let token = try store.token(of: entry)
      unreadable.withLock { _ = $0.remove(account) }
      return AnnouncerCore.Newest(sequence: entry.sequence, content: token.map { .token($0) } ?? .deleted)
    } catch {
      if unreadable.withLock({ $0.insert(account).inserted }) {
        logger.error("claims cannot be read to be announced; trying again", metadata: ["account": "\(account)", "error": "\(error)"])
      }
      return AnnouncerCore.Newest(sequence: entry.sequence, content: .unreadable)
    }
  }
}
