public import Claims
import GRDB

extension SQLiteChangeLog {
  /// Gives up the bytes of old versions.
  public func giveUpVersions(of accounts: [AccountKey], keeping versions: Int) async throws -> Int {
    let histories = accounts.map { SQLiteHistory(of: $0, tail: tail.records(of: $0)) }
    return try await giveUp { db in try histories.flatMap { try Self.oldVersions($0, keeping: max(1, versions), db) } }
  }

  /// Gives up the bytes of old delete claims.
  public func giveUpTombstones(before time: Int64, limit: Int) async throws -> Int {
    try await giveUp { db in
      try Int64.fetchAll(try db.cachedStatement(sql: Self.oldTombstones), arguments: [time, limit])
    }
  }

  /// Looks first, on a connection that reads: mostly there is nothing, and then the writer is left to the pushes.
  private func giveUp(_ find: @escaping @Sendable (Database) throws -> [Int64]) async throws -> Int {
    try await translating {
      let sequences = try await pool.read(find)
      var count = 0
      for start in stride(from: 0, to: sequences.count, by: Self.transactionSize) {
        let part = Array(sequences[start..<min(start + Self.transactionSize, sequences.count)])
        count += try await pool.write { db in try Self.giveUp(part, db) }
      }
      return count
    }
  }

  private static func giveUp(_ sequences: [Int64], _ db: Database) throws -> Int {
    let update = try db.cachedStatement(sql: "UPDATE change SET token = NULL WHERE sequence = ? AND token IS NOT NULL")
    // A tombstone can be an account's newest record.
    let size = try db.cachedStatement(
      sql: "UPDATE newest SET size = 0 WHERE sequence = ?1 AND subject = (SELECT subject FROM change WHERE sequence = ?1)")
    var given: [Int64] = []
    for sequence in sequences {
      try update.execute(arguments: [sequence])
      guard db.changesCount > 0 else { continue }
      given.append(sequence)
      try size.execute(arguments: [sequence])
    }
    if !given.isEmpty { try SQLiteSeal.renew(db, givingUp: given) }
    return given.count
  }

  /// The records of one account whose tokens are older than those that are kept. What was found stays old: versions are only added at the new
  /// end.
  private static func oldVersions(_ history: SQLiteHistory, keeping versions: Int, _ db: Database) throws -> [Int64] {
    guard try history.hasMore(than: versions, db) else { return [] }
    var kept = 0
    var old: [Int64] = []
    _ = try history.first(db, "sequence, kind, token IS NOT NULL") { row in
      let kind = ChangeKind(rawValue: Int(try SQLiteRow.number(row, 1)))
      if kept < versions {
        if kind?.isVersion == true { kept += 1 }
      } else if kind != .delete, kind != .activation, try SQLiteRow.number(row, 2) != 0 {
        old.append(try SQLiteRow.number(row, 0))
      }
      return nil as Never?
    }
    return old
  }

  /// How many tokens one transaction gives up: few, so that no push waits long for it.
  private static let transactionSize = 128

  // The kind of a tombstone is written out: a partial index is used only then.
  private static let oldTombstones = "SELECT sequence FROM change WHERE kind = 3 AND token IS NOT NULL AND time < ? ORDER BY time LIMIT ?"
}
