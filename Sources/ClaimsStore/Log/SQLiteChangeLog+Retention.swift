public import Claims
import GRDB

extension SQLiteChangeLog {
  /// Gives up the bytes of old versions.
  public func giveUpVersions(of accounts: [AccountKey], keeping versions: Int) async throws -> Int {
    try await giveUp { db in
      try accounts.flatMap { account in
        try Int64.fetchAll(
          try db.cachedStatement(sql: Self.oldVersions),
          arguments: ["subject": account.raw.data, "kept": max(1, versions) - 1])
      }
    }
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

  /// How many tokens one transaction gives up: few, so that no push waits long for it.
  private static let transactionSize = 128

  // What was found stays old: versions are only added at the new end. The kinds are written out, because a partial index is used only then:
  // 3 is a tombstone, 6 are closing claims.
  private static let oldVersions = """
    SELECT sequence FROM change WHERE subject = :subject AND token IS NOT NULL AND kind <> 3 AND sequence < (
      SELECT sequence FROM change WHERE subject = :subject AND kind NOT IN (3, 6) ORDER BY sequence DESC LIMIT 1 OFFSET :kept)
    """
  private static let oldTombstones = "SELECT sequence FROM change WHERE kind = 3 AND token IS NOT NULL AND time < ? ORDER BY time LIMIT ?"
}
