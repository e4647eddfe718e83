import Claims
import Foundation
import GRDB
import Nkeys

/// How a record lies in a row of the table `change`, and what the table `newest` has of it.
enum SQLiteRow {
  static let columns = "sequence, time, kind, subject, token, digest, jti, iat, generation, expires, issuer, actor, chain, owner"
  static let newestColumns = "subject, sequence, time, kind, digest, iat, generation, expires, issuer, owner, size"

  static func arguments(of record: ChangeRecord) -> StatementArguments {
    let change = record.change
    return [
      record.sequence, change.time, change.kind.rawValue, change.subject.raw.data, change.token.map { Data($0.bytes) },
      change.digest.data, change.jti, change.iat, change.generation, change.expires, change.issuer, change.actor, Data(record.chain),
      change.owner,
    ]
  }

  static func newestArguments(of record: ChangeRecord) -> StatementArguments {
    let change = record.change
    return [
      change.subject.raw.data, record.sequence, change.time, change.kind.rawValue, change.digest.data, change.iat, change.generation,
      change.expires, change.issuer, change.owner, change.token?.bytes.count ?? 0,
    ]
  }

  static func record(_ row: Row) throws -> ChangeRecord {
    let sequence: Int64 = row[0]
    guard
      let kind = ChangeKind(rawValue: row[2]), let subject = try account(row, 3), let digest = try digest(row, 5),
      let chain = try row.withUnsafeData(atIndex: 12, { $0.map { [UInt8]($0) } })
    else {
      throw StoreError(.damagedLog, "record \(sequence) of the log cannot be read: restore the log from a copy")
    }
    let change = Change(
      time: row[1], kind: kind, subject: subject, token: try token(row, 4), digest: digest, jti: row[6], iat: row[7], generation: row[8],
      expires: row[9], issuer: row[10], actor: row[11], owner: row[13])
    return ChangeRecord(sequence: sequence, change: change, chain: chain)
  }

  static func newest(_ row: Row) throws -> NewestChange {
    let sequence: Int64 = row[1]
    guard let subject = try account(row, 0), let kind = ChangeKind(rawValue: row[3]), let digest = try digest(row, 4) else {
      throw StoreError(.damagedLog, "what the log knows of record \(sequence) cannot be read: restore the log from a copy")
    }
    return NewestChange(
      sequence: sequence, time: row[2], kind: kind, subject: subject, digest: digest, iat: row[5], generation: row[6], expires: row[7],
      issuer: row[8], owner: row[9], size: row[10])
  }

  static func token(_ row: Row, _ column: Int) throws -> Token? {
    try row.withUnsafeData(atIndex: column) { $0.map { Token([UInt8]($0)) } }
  }

  private static func account(_ row: Row, _ column: Int) throws -> AccountKey? {
    guard let raw = try row.withUnsafeData(atIndex: column, { $0.flatMap { $0.withUnsafeBytes { RawKey($0) } } }) else { return nil }
    return try? AccountKey(PublicKey(role: .account, raw: raw))
  }

  private static func digest(_ row: Row, _ column: Int) throws -> TokenDigest? {
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
