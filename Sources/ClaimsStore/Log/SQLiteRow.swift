import Claims
import Foundation
import GRDB
import Nkeys

/// How a record lies in a row of the table `change`.
enum SQLiteRow {
  static let columns = "sequence, time, kind, subject, token, digest, jti, iat, generation, expires, issuer, actor, chain"

  static func arguments(of record: ChangeRecord) -> StatementArguments {
    let change = record.change
    return [
      record.sequence, change.time, change.kind.rawValue, Data(change.subject.raw.bytes), Data(change.token.bytes),
      Data(change.digest.bytes),
      change.jti, change.iat, change.generation, change.expires, change.issuer, change.actor, Data(record.chain),
    ]
  }

  static func record(_ row: Row) throws -> ChangeRecord {
    let sequence: Int64 = row[0]
    guard
      let kind = ChangeKind(rawValue: row[2]),
      let subject = try row.withUnsafeData(atIndex: 3, { $0.flatMap { RawKey($0) } }),
      let digest = try row.withUnsafeData(atIndex: 5, { $0.flatMap { TokenDigest($0) } }),
      let chain = try row.withUnsafeData(atIndex: 12, { $0.map { [UInt8]($0) } })
    else {
      throw StoreError(.damagedLog, "record \(sequence) of the log cannot be read: restore the log from a copy")
    }
    let token = try row.withUnsafeData(atIndex: 4) { Token([UInt8]($0 ?? Data())) }
    let change = Change(
      time: row[1], kind: kind, subject: try AccountKey(PublicKey(role: .account, raw: subject)), token: token, digest: digest, jti: row[6],
      iat: row[7], generation: row[8], expires: row[9], issuer: row[10], actor: row[11])
    return ChangeRecord(sequence: sequence, change: change, chain: chain)
  }
}
