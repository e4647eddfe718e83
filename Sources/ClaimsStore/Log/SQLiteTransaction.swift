import Claims
import Foundation
import GRDB
import Nkeys

/// One write transaction of the SQLite log. It lives on GRDB's writer queue and only as long as the transaction.
final class SQLiteTransaction: LogTransaction {
  private let db: Database
  private let tail: SQLiteTail
  private var prepared: SQLiteInsertion?
  private(set) var last: (sequence: Int64, chain: [UInt8])?
  /// The accounts of the records that were appended, in their order.
  private(set) var added: [RawKey] = []

  init(_ db: Database, tail: SQLiteTail) {
    self.db = db
    self.tail = tail
  }

  func append(_ change: Change) throws -> ChangeRecord {
    // A failed write may have rolled everything back by itself: what came after it would be stored alone.
    guard db.isInsideTransaction else { throw DatabaseError(resultCode: .SQLITE_ABORT, message: "the transaction was aborted") }
    let previous = try last ?? end()
    let sequence = previous.sequence + 1
    let chain = ChangeChain.link(after: previous.chain, sequence: sequence, change: change)
    let record = ChangeRecord(sequence: sequence, change: change, chain: chain)
    try insertion().run(record)
    if change.token == nil { try SQLiteSeal.renew(db, givingUp: [sequence]) }
    last = (sequence, chain)
    added.append(change.subject.raw)
    return record
  }

  func append(_ change: Change, as hash: ActivationHash) throws -> ChangeRecord {
    let record = try append(change)
    try db.cachedStatement(sql: "INSERT INTO activation VALUES (?, ?)").execute(arguments: [hash.text, record.sequence])
    return record
  }

  func activation(_ hash: ActivationHash) throws -> ChangeRecord? { try SQLiteActivations.newest(hash, db) }

  func contains(_ digest: TokenDigest, as hash: ActivationHash) throws -> Bool { try SQLiteActivations.contains(digest, hash, db) }

  func contains(_ digest: TokenDigest, for account: AccountKey) throws -> Bool {
    try history(of: account).contains(digest, db)
  }

  func acceptance(of digest: TokenDigest, for account: AccountKey) throws -> Int64? {
    try history(of: account).first(db, "digest, time") { row in try SQLiteRow.digest(row, 0) == digest ? row[1] as Int64 : nil }
  }

  func newestToken(of account: AccountKey) throws -> ChangeRecord? {
    try history(of: account).first(db, SQLiteRow.columns) { row in
      let record = try SQLiteRow.record(row)
      return record.change.kind.isVersion ? record : nil
    }
  }

  /// The account's records, with those of this transaction.
  private func history(of account: AccountKey) throws -> SQLiteHistory {
    var records = tail.records(of: account)
    if let last {
      let first = last.sequence - Int64(added.count) + 1
      records.insert(contentsOf: added.indices.reversed().filter { added[$0] == account.raw }.map { first + Int64($0) }, at: 0)
    }
    return SQLiteHistory(of: account, tail: records)
  }

  private func insertion() throws -> SQLiteInsertion {
    let insertion = try prepared ?? SQLiteInsertion(db)
    prepared = insertion
    return insertion
  }

  private func end() throws -> (sequence: Int64, chain: [UInt8]) {
    if let link = tail.link { return link }
    let statement = try db.cachedStatement(sql: "SELECT sequence, chain FROM change ORDER BY sequence DESC LIMIT 1")
    guard let row = try Row.fetchOne(statement) else { return (0, ChangeChain.origin) }
    let sequence: Int64 = row[0]
    let chain: Data = row[1]
    // A transaction whose failure was told may be there all the same.
    if sequence != tail.end { try tail.load(db) }
    return (sequence, [UInt8](chain))
  }
}
