import Claims
import GRDB
import GRDBSQLite
import Nkeys

/// Inserts a record into the table `change`, with SQLite's own calls: every push comes through here, and GRDB's lists of boxed arguments take
/// longer than SQLite takes for the row.
struct SQLiteInsertion {
  /// The values are copied: none of them need live as long as the statement.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  private static let places = SQLiteRow.columns.split(separator: ",").map { _ in "?" }.joined(separator: ", ")
  private static let sql = "INSERT INTO change (\(SQLiteRow.columns)) VALUES (\(places))"

  private let db: Database
  private let statement: Statement
  private var handle: OpaquePointer { statement.sqliteStatement }

  init(_ db: Database) throws {
    self.db = db
    statement = try db.cachedStatement(sql: Self.sql)
  }

  /// Inserts a record. Throws GRDB's error; then nothing was inserted.
  func run(_ record: ChangeRecord) throws {
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    try bind(record)
    try check(sqlite3_step(handle), is: SQLITE_DONE)
  }

  /// In the order of ``SQLiteRow/columns``.
  private func bind(_ record: ChangeRecord) throws {
    let change = record.change
    try bind(1, record.sequence)
    try bind(2, change.time)
    try bind(3, Int64(change.kind.rawValue))
    try change.subject.raw.withUnsafeBytes { try bind(4, $0) }
    if let token = change.token { try token.bytes.withUnsafeBytes { try bind(5, $0) } }
    try change.digest.withUnsafeBytes { try bind(6, $0) }
    try bind(7, change.jti)
    try bind(8, change.iat)
    try bind(9, change.generation)
    try bind(10, change.expires)
    try bind(11, change.issuer)
    try bind(12, change.actor)
    try record.chain.withUnsafeBytes { try bind(13, $0) }
    try bind(14, change.owner)
  }

  private func bind(_ column: Int32, _ number: Int64) throws {
    try check(sqlite3_bind_int64(handle, column, number))
  }

  private func bind(_ column: Int32, _ bytes: UnsafeRawBufferPointer) throws {
    // Nothing at no address would be NULL.
    guard !bytes.isEmpty else { return try check(sqlite3_bind_zeroblob(handle, column, 0)) }
    try check(sqlite3_bind_blob64(handle, column, bytes.baseAddress, UInt64(bytes.count), Self.copied))
  }

  /// A text with all its bytes: a token may bring any along, and one that is 0 does not end it.
  private func bind(_ column: Int32, _ text: String) throws {
    guard !text.isEmpty else { return try check(sqlite3_bind_text(handle, column, "", 0, Self.copied)) }
    var text = text
    try text.withUTF8 { bytes in
      try bytes.withMemoryRebound(to: CChar.self) { characters in
        try check(
          sqlite3_bind_text64(handle, column, characters.baseAddress, UInt64(characters.count), Self.copied, UInt8(SQLITE_UTF8)))
      }
    }
  }

  private func check(_ code: Int32, is expected: Int32 = SQLITE_OK) throws {
    guard code == expected else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage, sql: Self.sql)
    }
  }
}
