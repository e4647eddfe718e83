import GRDB

/// The tables that follow the log: `newest`, what the index needs of every account's newest record, so that the start reads one short row an account;
/// and `history`, which records are of which account.
///
/// Both are ordered by account. A push that wrote its own rows would change a page of each; many records folded in together, in the order of the
/// tables, share pages. The records behind the last fold are the tail, which is read from the log itself.
enum SQLiteFold {
  /// The reader that says up to which record the tables are complete.
  static let reader = "fold"

  /// Up to which record the tables are complete.
  static func end(_ db: Database) throws -> Int64 {
    let rows = try Row.fetchCursor(try db.cachedStatement(sql: "SELECT sequence FROM reader WHERE name = ?"), arguments: [reader])
    return try SQLiteRow.first(rows) { try SQLiteRow.number($0, 0) } ?? 0
  }

  /// Brings the tables up to the log's end.
  static func run(_ db: Database) throws {
    let start = try end(db)
    let end = try Int64.fetchOne(try db.cachedStatement(sql: "SELECT MAX(sequence) FROM change")) ?? 0
    guard end > start else { return }
    try db.cachedStatement(sql: intoNewest).execute(arguments: [start])
    try db.cachedStatement(sql: intoHistory).execute(arguments: [start])
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO reader VALUES (?, ?)").execute(arguments: [reader, end])
    try SQLiteSeal.renew(db)
  }

  /// Calls `body` with every row of `newest` and then with the tail, so that an account's newest record comes last.
  static func forEachNewest(_ db: Database, _ body: (NewestChange) throws -> Void) throws {
    let rows = try Row.fetchCursor(db, sql: "SELECT \(SQLiteRow.newestColumns) FROM newest")
    while let row = try rows.next() { try body(SQLiteRow.newest(row)) }
    let tail = try Row.fetchCursor(
      db, sql: "SELECT \(SQLiteRow.newestFromChange) FROM change WHERE sequence > ? AND \(changesClaims) ORDER BY sequence",
      arguments: [end(db)])
    while let row = try tail.next() { try body(SQLiteRow.newest(row)) }
  }

  private static let intoNewest = """
    INSERT OR REPLACE INTO newest (\(SQLiteRow.newestColumns))
      SELECT \(SQLiteRow.newestFromChange) FROM change WHERE sequence > ? AND \(changesClaims) ORDER BY subject, sequence
    """
  /// See ``ChangeKind/changesClaims``.
  private static let changesClaims = "kind <> \(ChangeKind.activation.rawValue)"
  private static let intoHistory = "INSERT INTO history SELECT subject, sequence FROM change WHERE sequence > ? ORDER BY subject, sequence"
}
