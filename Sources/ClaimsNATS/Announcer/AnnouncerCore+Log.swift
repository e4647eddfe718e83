import Claims
import ClaimsStore

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
  /// What the store says of an account; nil when it holds nothing, or cannot say now.
  init?(_ account: AccountKey, in store: Store) {
    guard let entry = store.index.entry(of: account.raw) else { return nil }
    guard let token = try? store.token(of: entry) else {
      guard entry.isDeleted else { return nil }
      self.init(sequence: entry.sequence, token: nil)
      return
    }
    self.init(sequence: entry.sequence, token: token)
  }
}
