import Claims
import Foundation
import GRDB
import Nkeys

/// One write transaction of the SQLite log. It lives on GRDB's writer queue and only as long as the transaction.
final class SQLiteTransaction: LogTransaction {
  private let db: Database
  private var last: (sequence: Int64, chain: [UInt8])?

  init(_ db: Database) {
    self.db = db
  }

  func append(_ change: Change) throws -> ChangeRecord {
    let previous = try last ?? end()
    let sequence = previous.sequence + 1
    let chain = ChangeChain.link(after: previous.chain, sequence: sequence, change: change)
    let record = ChangeRecord(sequence: sequence, change: change, chain: chain)
    try db.cachedStatement(sql: Self.insertion).execute(arguments: SQLiteRow.arguments(of: record))
    try db.cachedStatement(sql: Self.replacement).execute(arguments: SQLiteRow.newestArguments(of: record))
    if change.token == nil { try SQLiteSeal.renew(db, givingUp: [sequence]) }
    last = (sequence, chain)
    return record
  }

  func contains(_ digest: TokenDigest, for account: AccountKey) throws -> Bool {
    let statement = try db.cachedStatement(sql: "SELECT 1 FROM change WHERE subject = ? AND digest = ? LIMIT 1")
    return try Int.fetchOne(statement, arguments: [account.raw.data, digest.data]) != nil
  }

  func newestToken(of account: AccountKey) throws -> ChangeRecord? {
    let statement = try db.cachedStatement(
      sql: "SELECT \(SQLiteRow.columns) FROM change WHERE subject = ? AND kind NOT IN (?, ?) ORDER BY sequence DESC LIMIT 1")
    // Through a cursor: a row that outlives its statement is a copy, whose texts end at the first NUL.
    let rows = try Row.fetchCursor(statement, arguments: [account.raw.data, ChangeKind.delete.rawValue, ChangeKind.close.rawValue])
    return try withExtendedLifetime(rows) { try rows.next().map(SQLiteRow.record) }
  }

  private func end() throws -> (sequence: Int64, chain: [UInt8]) {
    let statement = try db.cachedStatement(sql: "SELECT sequence, chain FROM change ORDER BY sequence DESC LIMIT 1")
    guard let row = try Row.fetchOne(statement) else { return (0, ChangeChain.origin) }
    let sequence: Int64 = row[0]
    let chain: Data = row[1]
    return (sequence, [UInt8](chain))
  }

  private static let insertion = """
    INSERT INTO change (\(SQLiteRow.columns))
    VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?, CAST(? AS TEXT))
    """
  private static let replacement = """
    INSERT OR REPLACE INTO newest (\(SQLiteRow.newestColumns))
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), ?)
    """
}
