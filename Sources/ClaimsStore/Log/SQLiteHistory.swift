import Claims
import Foundation
import GRDB

/// The records of one account, from the tail and from the table `history`.
struct SQLiteHistory {
  private let subject: Data
  private let tail: [Int64]

  /// - Parameters:
  ///   - account: whose records.
  ///   - tail: those that may not be folded yet, newest first.
  init(of account: AccountKey, tail: [Int64]) {
    subject = account.raw.data
    self.tail = tail
  }

  /// Shows `pick` the records, newest first, until it makes something of one.
  ///
  /// - Parameters:
  ///   - db: where to read.
  ///   - columns: what to read of each record.
  ///   - pick: looks at a record, and returns nil to go on.
  /// - Returns: what `pick` returned last; nil when it went on to the end.
  /// - Throws: GRDB's errors, and what `pick` throws.
  func first<Result>(_ db: Database, _ columns: String, _ pick: (Row) throws -> Result?) throws -> Result? {
    // A record of the tail that is not there, or is another account's, belongs to a transaction that failed.
    let single = try db.cachedStatement(sql: "SELECT \(columns) FROM change WHERE sequence = ? AND subject = ?")
    for sequence in tail {
      if let result = try SQLiteRow.first(try Row.fetchCursor(single, arguments: [sequence, subject]), pick) ?? nil { return result }
    }
    let folded = try db.cachedStatement(
      sql: "SELECT \(columns) FROM history JOIN change ON sequence = record WHERE account = ? AND record < ? ORDER BY record DESC")
    let rows = try Row.fetchCursor(folded, arguments: [subject, tail.last ?? .max])
    while let row = try rows.next() {
      if let result = try pick(row) { return result }
    }
    return nil
  }

  /// Whether there are more than so many records; none of them is read.
  func hasMore(than count: Int, _ db: Database) throws -> Bool {
    guard tail.count <= count else { return true }
    let statement = try db.cachedStatement(sql: "SELECT COUNT(*) FROM (SELECT 1 FROM history WHERE account = ? AND record < ? LIMIT ?)")
    let folded = try Int.fetchOne(statement, arguments: [subject, tail.last ?? .max, count - tail.count + 1]) ?? 0
    return tail.count + folded > count
  }

  /// Whether a token made one of the records.
  func contains(_ digest: TokenDigest, _ db: Database) throws -> Bool {
    try first(db, "digest") { row in try SQLiteRow.digest(row, 0) == digest ? true : nil } ?? false
  }
}
