import Claims
import GRDB

/// The records of an activation.
enum SQLiteActivations {
  /// The newest one.
  static func newest(_ hash: ActivationHash, _ db: Database) throws -> ChangeRecord? {
    let statement = try db.cachedStatement(
      sql: "SELECT \(SQLiteRow.columns) FROM change WHERE sequence = (SELECT MAX(record) FROM activation WHERE hash = ?)")
    return try SQLiteRow.first(try Row.fetchCursor(statement, arguments: [hash.text]), SQLiteRow.record)
  }

  /// Whether a token made one of them.
  static func contains(_ digest: TokenDigest, _ hash: ActivationHash, _ db: Database) throws -> Bool {
    let statement = try db.cachedStatement(
      sql: "SELECT 1 FROM activation JOIN change ON sequence = record WHERE hash = ? AND digest = ? LIMIT 1")
    return try Int.fetchOne(statement, arguments: [hash.text, digest.data]) != nil
  }
}
