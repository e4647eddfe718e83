import GRDB

/// Looks at the file itself: SQLite's own structure, and whether the tables are those of this program.
enum DatabaseCheck {
  /// SQL that is 1 when every value of a row of `change` is of the type that is written: SQLite lets any value be of any type, and one bit
  /// tells a text from bytes.
  static let changeTypes =
    typed([
      ("integer", ["time", "kind", "iat", "generation", "expires"]), ("text", ["jti", "issuer", "actor", "owner"]),
      ("blob", ["subject", "digest", "chain"]),
    ]) + " AND typeof(token) IN ('blob', 'null')"

  static func structure(_ db: Database) throws -> [LogFinding] {
    let lines = try String.fetchAll(db, sql: "PRAGMA integrity_check")
    return lines == ["ok"] ? [] : lines.map { LogFinding("the database", $0) }
  }

  /// Compares tables, indexes and migrations with those of a new log: a trigger that nobody knows of, or an index that is gone, is found.
  static func schema(_ db: Database) throws -> [LogFinding] {
    let model = try DatabaseQueue(configuration: Configuration())
    try SQLiteSchema.migrate(model)
    let expected = try model.read(description)
    let found = try description(db)
    return found.keys.filter { expected[$0] == nil }.sorted().map { LogFinding("the schema", "\($0) is not of this program's making") }
      + expected.keys.filter { found[$0] == nil }.sorted().map { LogFinding("the schema", "\($0) is missing") }
      + expected.keys.filter { found[$0] != nil && found[$0] != expected[$0] }.sorted().map {
        LogFinding("the schema", "\($0) is not as this program makes it")
      }
  }

  private static func description(_ db: Database) throws -> [String: String] {
    var all: [String: String] = [:]
    let objects = try Row.fetchCursor(db, sql: "SELECT type || ' ' || name, tbl_name || ': ' || COALESCE(sql, '') FROM sqlite_master")
    while let row = try objects.next() { all[try SQLiteRow.text(row, 0), default: ""] += try SQLiteRow.text(row, 1) }
    let migrations = try Row.fetchCursor(db, sql: "SELECT typeof(identifier), identifier FROM grdb_migrations")
    while let row = try migrations.next() { all["migration \(try SQLiteRow.text(row, 1))", default: ""] += try SQLiteRow.text(row, 0) }
    return all
  }

  private static func typed(_ groups: [(type: String, columns: [String])]) -> String {
    groups.flatMap { group in group.columns.map { "typeof(\($0)) = '\(group.type)'" } }.joined(separator: " AND ")
  }
}
