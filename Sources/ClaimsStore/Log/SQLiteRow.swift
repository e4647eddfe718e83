import Claims
import Foundation
import GRDB
import Nkeys

/// How a record lies in a row of the table `change`, and what the table `newest` has of it.
///
/// Nothing here trusts the file: a value of a wrong type must give an error, and not end the process.
enum SQLiteRow {
  static let columns = "sequence, time, kind, subject, token, digest, jti, iat, generation, expires, issuer, actor, chain, owner"
  static let newestColumns = "subject, sequence, time, kind, digest, iat, generation, expires, issuer, owner, size"
  /// The same from the table `change`.
  static let newestFromChange =
    "subject, sequence, time, kind, digest, iat, generation, expires, issuer, owner, COALESCE(length(token), 0)"

  static func record(_ row: Row) throws -> ChangeRecord {
    let sequence: Int64 = try number(row, 0)
    guard
      let kind = ChangeKind(rawValue: Int(try number(row, 2))), let subject = try account(row, 3), let digest = try digest(row, 5),
      let chain = try row.withUnsafeData(atIndex: 12, { $0.map { [UInt8]($0) } })
    else {
      throw StoreError(.damagedLog, "record \(sequence) of the log cannot be read: restore the log from a copy")
    }
    let change = Change(
      time: try number(row, 1), kind: kind, subject: subject, token: try token(row, 4), digest: digest, jti: try text(row, 6),
      iat: try number(row, 7), generation: try number(row, 8), expires: try number(row, 9), issuer: try text(row, 10),
      actor: try text(row, 11), owner: try text(row, 13))
    return ChangeRecord(sequence: sequence, change: change, chain: chain)
  }

  static func newest(_ row: Row) throws -> NewestChange {
    let sequence: Int64 = try number(row, 1)
    guard let subject = try account(row, 0), let kind = ChangeKind(rawValue: Int(try number(row, 3))), let digest = try digest(row, 4)
    else {
      throw StoreError(.damagedLog, "what the log knows of record \(sequence) cannot be read: restore the log from a copy")
    }
    return NewestChange(
      sequence: sequence, time: try number(row, 2), kind: kind, subject: subject, digest: digest, iat: try number(row, 5),
      generation: try number(row, 6), expires: try number(row, 7), issuer: try text(row, 8), owner: try text(row, 9),
      size: Int(try number(row, 10)))
  }

  /// What `body` makes of the first row. A row lives as long as its cursor, which nothing else would keep.
  static func first<Result>(_ rows: RowCursor, _ body: (Row) throws -> Result) throws -> Result? {
    try withExtendedLifetime(rows) { try rows.next().map(body) }
  }

  /// A number; GRDB ends the process when it is asked for one and finds something else.
  static func number(_ row: Row, _ column: Int) throws -> Int64 {
    let value: DatabaseValue = row[column]
    guard case .int64(let number) = value.storage else { throw unreadable(row, column) }
    return number
  }

  /// A text with all its bytes.
  static func text(_ row: Row, _ column: Int) throws -> String {
    let text = try row.withUnsafeData(atIndex: column) { $0.map { String(decoding: $0, as: UTF8.self) } }
    guard let text else { throw unreadable(row, column) }
    return text
  }

  private static func unreadable(_ row: Row, _ column: Int) -> StoreError {
    StoreError(
      .damagedLog, "a row of the log cannot be read: restore the log from a copy",
      detail: "there is nothing that fits in column \(Array(row.columnNames)[column])")
  }

  static func token(_ row: Row, _ column: Int) throws -> Token? {
    try row.withUnsafeData(atIndex: column) { $0.map { Token([UInt8]($0)) } }
  }

  static func account(_ row: Row, _ column: Int) throws -> AccountKey? {
    guard let raw = try row.withUnsafeData(atIndex: column, { $0.flatMap { $0.withUnsafeBytes { RawKey($0) } } }) else { return nil }
    return AccountKey(raw: raw)
  }

  static func digest(_ row: Row, _ column: Int) throws -> TokenDigest? {
    try row.withUnsafeData(atIndex: column) { $0.flatMap { $0.withUnsafeBytes { TokenDigest($0) } } }
  }
}

extension RawKey {
  /// The 32 bytes as SQLite takes them.
  var data: Data { withUnsafeBytes { Data($0) } }
}

extension TokenDigest {
  /// The 32 bytes as SQLite takes them.
  var data: Data { Data(bytes) }
}
