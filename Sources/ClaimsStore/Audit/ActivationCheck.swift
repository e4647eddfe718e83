import Claims
import GRDB

/// Compares the table that finds activations by their hashes with the records.
enum ActivationCheck {
  private static let place = "the activations"
  private static let isTyped = "typeof(hash) = 'text' AND typeof(record) = 'integer'"

  static func findings(_ db: Database) throws -> [LogFinding] {
    let records = try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM change WHERE kind = \(ChangeKind.activation.rawValue)") ?? 0
    var rows: Int64 = 0
    var findings: [LogFinding] = []
    let cursor = try Row.fetchCursor(
      db, sql: "SELECT hash, record, kind, token, \(isTyped) FROM activation LEFT JOIN change ON sequence = record")
    while let row = try cursor.next() {
      rows += 1
      guard try isRight(row) else {
        findings.append(LogFinding(place, "what is found as \(try SQLiteRow.text(row, 0)) is not that activation"))
        continue
      }
    }
    if rows != records { findings.append(LogFinding(place, "\(rows) of them can be found, but there are \(records)")) }
    return findings
  }

  private static func isRight(_ row: Row) throws -> Bool {
    let kind: DatabaseValue = row[2]
    guard kind == ChangeKind.activation.rawValue.databaseValue, try SQLiteRow.number(row, 4) != 0, let token = try SQLiteRow.token(row, 3)
    else { return false }
    let hash = try SQLiteRow.text(row, 0)
    do throws(ClaimsError) {
      return try DecodedToken.decode(token).claims.activation?.activationHash().text == hash
    } catch {
      return false
    }
  }
}
