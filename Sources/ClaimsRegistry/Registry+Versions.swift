public import Claims
public import ClaimsStore

extension Registry {
  /// The newest versions of an account's claims that somebody brought, newest first, at most `limit` of them.
  ///
  /// - Throws: ``StoreError`` when the log cannot be read.
  public func versions(of account: AccountKey, limit: Int) async throws -> [ChangeRecord] {
    try await newest(of: account, limit: limit) { $0.kind.isVersion }
  }

  /// The record by which an account was served at a time, in milliseconds since 1970; nil when nothing was stored of it then.
  ///
  /// - Throws: ``StoreError`` when the log cannot be read.
  public func version(of account: AccountKey, at time: Int64) async throws -> ChangeRecord? {
    // Closing claims stand in front of a tombstone of the same moment, and were never served.
    try await newest(of: account, limit: 1) { $0.time <= time && $0.kind.changesClaims && $0.kind != .close }.first
  }

  /// Reads an account's records from the newest on, ever more of them, until enough meet a condition.
  func newest(of account: AccountKey, limit: Int, where condition: (Change) -> Bool) async throws -> [ChangeRecord] {
    var count = 16
    while true {
      let records = try await store.log.history(of: account, limit: count)
      let found = records.filter { condition($0.change) }.prefix(limit)
      if found.count == limit || records.count < count { return Array(found) }
      count *= 4
    }
  }
}
