import Claims
import ClaimsStore
import Logging

extension AnnouncerCore.Record {
  /// What a record of the log asks of the announcer.
  init(_ record: ChangeRecord) {
    let change = record.change
    let token: Token? =
      switch change.kind {
      case .put, .restore, .acceptOlder, .close: change.token
      case .adopt, .delete, .transfer: nil
      }
    self.init(
      sequence: record.sequence, account: change.subject, token: token, isTombstone: change.kind == .delete,
      isClosing: change.kind == .close)
  }
}

extension AnnouncerCore.Newest {
  /// What the store says of an account; nil when it holds nothing. That a token cannot be read now is told in the log.
  init?(_ account: AccountKey, in store: Store, logger: Logger) {
    guard let entry = store.index.entry(of: account.raw) else { return nil }
    do {
      self.init(sequence: entry.sequence, content: try store.token(of: entry).map { .token($0) } ?? .deleted)
    } catch {
      logger.error("claims cannot be read to be announced; trying again", metadata: ["account": "\(account)", "error": "\(error)"])
      self.init(sequence: entry.sequence, content: .unreadable)
    }
  }
}
