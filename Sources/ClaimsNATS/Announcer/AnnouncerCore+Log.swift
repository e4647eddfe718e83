import Claims
import ClaimsStore

extension AnnouncerCore.Record {
  /// What a record of the log asks of the announcer.
  init(_ record: ChangeRecord) {
    let change = record.change
    let token: Token? =
      switch change.kind {
      case .put, .restore: change.token
      case .adopt, .delete: nil
      }
    self.init(sequence: record.sequence, account: change.subject, token: token, isTombstone: change.kind == .delete)
  }
}

extension AnnouncerCore.Newest {
  /// What an entry of the index says.
  init(_ entry: AccountEntry) {
    self.init(sequence: entry.sequence, token: entry.token)
  }
}
