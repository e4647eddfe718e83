public import Claims
import Foundation
import GRDB
import Synchronization

/// The change log in one SQLite file, through GRDB: write-ahead log, every transaction synced.
public final class SQLiteChangeLog: ChangeLog {
  let pool: DatabasePool
  /// The records behind the last fold.
  let tail = SQLiteTail()
  private let largestTail: Int
  /// How long the tail is when it is folded next.
  private let foldAt: Atomic<Int>

  /// Opens the log, creating it when there is none.
  ///
  /// - Parameters:
  ///   - path: the file; SQLite keeps two more beside it (`-wal`, `-shm`).
  ///   - mustExist: whether a database without our tables is refused: a new log would begin in it, and forget what the old one knew.
  ///   - largestTail: how many records may come before ``tidy()`` folds them into the tables that are ordered by account. A start after a crash
  ///     reads about as many.
  /// - Throws: ``StoreError`` `damagedLog` when the file is no log of ours, `diskFull`, `unusableDirectory` when it may not be written, `ioFailure`
  ///   when the disk fails.
  public init(path: String, mustExist: Bool = false, largestTail: Int = 16_384) throws {
    self.largestTail = largestTail
    foldAt = Atomic(largestTail)
    var configuration = Configuration()
    configuration.maximumReaderCount = 3
    configuration.label = "nats-claims log"
    // Somebody who looks at the log after a crash recovers it, which takes moments.
    configuration.busyMode = .timeout(10)
    // Enough for the inner pages of the trees; the system caches the rest, and the writer gets more below.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -512") }
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      if mustExist, try !pool.read(SQLiteSchema.isThere) {
        throw StoreError(
          .damagedLog,
          "the file \(path) is a database without the tables of a change log: restore the log from a copy, or begin anew from the files with "
            + "--rebuild-log")
      }
      try SQLiteSchema.migrate(pool)
      try pool.writeWithoutTransaction(Self.syncEveryTransaction)
      try pool.writeWithoutTransaction(Self.checkpointSeldom)
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = 0") }
      try pool.write(Self.clearProof)
      try pool.writeWithoutTransaction(tail.load)
    } catch let error as DatabaseError {
      throw StoreError(sqlite: error, opening: path)
    }
  }

  /// Makes every commit wait for the disk.
  ///
  /// GRDB sets `NORMAL` when it enters the write-ahead mode, after its configuration hooks ran, so this comes last and is read back on the
  /// same connection.
  private static func syncEveryTransaction(_ writer: Database) throws {
    try writer.execute(sql: "PRAGMA synchronous = FULL")
    guard try Int.fetchOne(writer, sql: "PRAGMA synchronous") == 2 else {
      throw StoreError(.damagedLog, "the log cannot be opened with synchronous=FULL, so no push could be acknowledged safely")
    }
  }

  /// Lets the write-ahead log grow to 32 MiB before it is copied into the file, and gives the writer a cache for that.
  ///
  /// Every push changes a page of a tree that is ordered by account. Copied seldom, a page that changed many times is copied once.
  private static func checkpointSeldom(_ writer: Database) throws {
    try writer.execute(sql: "PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -16000")
  }

  /// Runs `body` as one transaction, and returns when it is synced.
  public func transaction<Result: Sendable>(_ body: @escaping @Sendable (any LogTransaction) throws -> Result) throws -> Result {
    do {
      return try pool.writeWithoutTransaction { db in
        let transaction = SQLiteTransaction(db, tail: tail)
        do {
          let result = try db.committing { try body(transaction) }
          tail.add(transaction.added, chain: transaction.last?.chain)
          return result
        } catch {
          tail.forgetLink()
          throw error
        }
      }
    } catch let error as DatabaseError {
      throw StoreError(sqlite: error)
    }
  }

  /// Folds the tail into the tables that are ordered by account, when it is long.
  public func tidy() throws {
    let count = tail.count
    guard count >= foldAt.load(ordering: .relaxed) else { return }
    // What fails is not tried again with every push.
    foldAt.store(count + largestTail / 4, ordering: .relaxed)
    do {
      try fold()
      foldAt.store(largestTail, ordering: .relaxed)
    } catch let error as DatabaseError {
      throw StoreError(sqlite: error)
    }
  }

  private func fold() throws {
    try pool.writeWithoutTransaction { db in
      try db.committing { try SQLiteFold.run(db) }
      try tail.load(db)
    }
  }

  /// Copies the write-ahead log into the file, which writes and syncs every acknowledged page anew, empties it, and then writes and syncs as
  /// much as a large push does, so that a disk which is full but for a few bytes is not taken for a good one.
  ///
  /// After a failed sync the system may hold pages for clean that never reached the disk: a later sync that succeeds says nothing about them.
  /// The write-ahead log must be emptied too: what is appended behind a page that was lost would be lost with it.
  public func prove() async throws {
    try await translating {
      try await emptyWriteAheadLog()
      try await pool.write { try $0.execute(sql: Self.proof, arguments: [Data(count: Self.proofSize)]) }
      try await pool.write(Self.clearProof)
      // Records may have come that nobody was told of.
      try await pool.writeWithoutTransaction { [tail] db in try tail.load(db) }
    }
  }

  /// Removes what a proof wrote, so that the seal holds again; after a crash in between the next start does it.
  private static func clearProof(_ db: Database) throws {
    try db.execute(sql: "DELETE FROM reader WHERE name = 'proof'")
    if db.changesCount > 0 { try SQLiteSeal.renew(db) }
  }

  private static let proofSize = 128 << 10
  private static let proof = "INSERT OR REPLACE INTO reader VALUES ('proof', ?)"

  /// Lookups that read the log go on meanwhile: a disk that takes long must not hold them up. A reader that is in the way is gone in a moment.
  private func emptyWriteAheadLog() async throws {
    for _ in 0..<Self.emptyingTries {
      do {
        return try await pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    throw StoreError(
      .ioFailure,
      "the change log must be proved good after a failure, and another process that reads it is in the way: try again in a moment")
  }

  private static let emptyingTries = 100

  /// Calls `body` with the newest change of every account, some of which have older ones before it.
  public func forEachNewest(_ body: (NewestChange) throws -> Void) throws {
    try reading { try SQLiteFold.forEachNewest($0, body) }
  }

  /// The token of a record.
  public func token(at sequence: Int64) throws -> Token? {
    try reading { db in
      let statement = try db.cachedStatement(sql: "SELECT token FROM change WHERE sequence = ?")
      return try Row.fetchOne(statement, arguments: [sequence]).flatMap { try SQLiteRow.token($0, 0) }
    }
  }

  /// Calls `body` with the tokens of records, in one read.
  public func forEachToken(at sequences: [Int64], _ body: (_ sequence: Int64, _ token: Token) throws -> Void) throws {
    try reading { db in
      let statement = try db.cachedStatement(sql: "SELECT token FROM change WHERE sequence = ?")
      for sequence in sequences {
        if let token = try Row.fetchOne(statement, arguments: [sequence]).flatMap({ try SQLiteRow.token($0, 0) }) {
          try body(sequence, token)
        }
      }
    }
  }

  /// Whether a token made a record.
  public func knows(_ digest: TokenDigest, of account: AccountKey) throws -> Bool {
    let history = SQLiteHistory(of: account, tail: tail.records(of: account))
    return try reading { db in try history.contains(digest, db) }
  }

  /// The newest record of an activation.
  public func activation(_ hash: ActivationHash) throws -> ChangeRecord? {
    try reading { try SQLiteActivations.newest(hash, $0) }
  }

  /// The records after a sequence, oldest first.
  public func changes(after sequence: Int64, limit: Int) async throws -> [ChangeRecord] {
    try await records("WHERE sequence > ? ORDER BY sequence LIMIT ?", [sequence, limit])
  }

  /// The records of one account, newest first.
  public func history(of account: AccountKey, limit: Int) async throws -> [ChangeRecord] {
    let history = SQLiteHistory(of: account, tail: tail.records(of: account))
    return try await translating {
      try await pool.read { db in
        guard limit > 0 else { return [] }
        var records: [ChangeRecord] = []
        return try history.first(db, SQLiteRow.columns) { row in
          records.append(try SQLiteRow.record(row))
          return records.count == limit ? records : nil
        } ?? records
      }
    }
  }

  /// The last sequence in the log.
  public func lastSequence() async throws -> Int64 {
    try await number("SELECT MAX(sequence) FROM change", [])
  }

  /// How far a reader has come.
  public func cursor(of reader: String) async throws -> Int64 {
    try await number("SELECT sequence FROM reader WHERE name = ?", [reader])
  }

  /// Notes how far a reader has come.
  public func setCursor(of reader: String, to sequence: Int64) async throws {
    try await translating {
      try await pool.write { db in
        try db.execute(
          sql: "INSERT INTO reader VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence",
          arguments: [reader, sequence])
        try SQLiteSeal.renew(db)
      }
    }
  }

  /// The operators that were noted last.
  public func operators() async throws -> [OperatorRecord] {
    try await translating {
      try await pool.read { db in
        try Row.fetchAll(db, sql: "SELECT key, iat, token, position FROM operator ORDER BY position IS NULL, position").map { row in
          let position: DatabaseValue = row[3]
          return OperatorRecord(
            key: try SQLiteRow.text(row, 0), iat: try SQLiteRow.number(row, 1), token: try SQLiteRow.token(row, 2) ?? Token(""),
            isTrusted: !position.isNull)
        }
      }
    }
  }

  /// Notes operators.
  public func note(operators: [OperatorRecord]) async throws {
    try await translating {
      try await pool.write { db in
        try db.execute(sql: "UPDATE operator SET position = NULL")
        for (position, record) in operators.enumerated() {
          try db.execute(
            sql: "INSERT OR REPLACE INTO operator (key, position, iat, token) VALUES (?, ?, ?, ?)",
            arguments: [record.key, record.isTrusted ? position : nil, record.iat, Data(record.token.bytes)])
        }
        try SQLiteSeal.renew(db)
      }
    }
  }

  /// Folds the tail, moves the write-ahead log into the file and closes it.
  public func close() throws {
    do {
      let folded = Result { try fold() }
      let copied = Result { try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) } }
      try pool.close()
      try folded.get()
      try copied.get()
    } catch let error as DatabaseError {
      throw StoreError(sqlite: error)
    }
  }

  private func records(_ clause: String, _ arguments: StatementArguments) async throws -> [ChangeRecord] {
    try await translating {
      try await pool.read { db in
        let rows = try Row.fetchCursor(db, sql: "SELECT \(SQLiteRow.columns) FROM change \(clause)", arguments: arguments)
        var records: [ChangeRecord] = []
        while let row = try rows.next() { records.append(try SQLiteRow.record(row)) }
        return records
      }
    }
  }

  private func number(_ sql: String, _ arguments: StatementArguments) async throws -> Int64 {
    try await translating {
      try await pool.read { db in try Int64.fetchOne(db, sql: sql, arguments: arguments) ?? 0 }
    }
  }

  private func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
    do {
      return try pool.read(body)
    } catch let error as DatabaseError {
      throw StoreError(sqlite: error)
    }
  }

  func translating<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as DatabaseError {
      throw StoreError(sqlite: error)
    }
  }
}

extension Database {
  /// Runs `body` as one transaction, for those who have more to do when it is committed and before the next one.
  ///
  /// GRDB's own way compiles the statements at its ends anew each time, which a small transaction feels.
  fileprivate func committing<Result>(_ body: () throws -> Result) throws -> Result {
    try cachedStatement(sql: "BEGIN IMMEDIATE TRANSACTION").execute()
    do {
      let result = try body()
      try cachedStatement(sql: "COMMIT TRANSACTION").execute()
      return result
    } catch {
      // The first error is the one to report.
      try? rollback()
      throw error
    }
  }
}
