import GRDB

/// Compares the table that says which records are of which account with the records, up to where it is complete.
enum HistoryCheck {
  static func findings(_ db: Database) throws -> [LogFinding] {
    let end = try SQLiteFold.end(db)
    let records = try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM change WHERE sequence <= ?", arguments: [end]) ?? 0
    let rows = try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM history") ?? 0
    let right = try Int64.fetchOne(db, sql: matching, arguments: [end]) ?? 0
    var findings: [LogFinding] = []
    if rows != records { findings.append(LogFinding("the accounts' histories", "they name \(rows) records, but there are \(records)")) }
    if right != rows { findings.append(LogFinding("the accounts' histories", "\(rows - right) of their records are not that account's")) }
    return findings
  }

  private static let matching = """
    SELECT COUNT(*) FROM history JOIN change ON sequence = record
    WHERE record <= ? AND subject IS account AND typeof(account) = 'blob' AND typeof(record) = 'integer'
    """
}
