import Claims
import GRDB
import Nkeys

/// Checks what lies beside the chain against its seal, and for sense: cursors, operators, and which tokens were given up.
enum SealCheck {
  static func findings(_ db: Database) throws -> [LogFinding] {
    try seal(db) + readers(db) + operators(db)
  }

  private static func seal(_ db: Database) throws -> [LogFinding] {
    var findings: [LogFinding] = []
    let digest = try SQLiteSeal.digest(db)
    let seals = try Row.fetchAll(db, sql: "SELECT digest FROM seal").map { $0[0] as DatabaseValue }
    if seals.map(\.storage) != [.blob(SQLiteSeal.data(digest))] {
      findings.append(
        LogFinding("the seal", "a reader's cursor, an operator or the count of tokens given up was altered, or the seal itself"))
    }
    let rows = try Row.fetchCursor(db, sql: "SELECT COUNT(*), COALESCE(SUM(sequence), 0) FROM change WHERE token IS NULL")
    let counted = try SQLiteRow.first(rows) { SQLiteSeal.GivenUp(count: try SQLiteRow.number($0, 0), sum: try SQLiteRow.number($0, 1)) }
    guard let found = counted, let noted = try SQLiteSeal.givenUp(db) else { return findings }
    if found != noted {
      findings.append(
        LogFinding(
          "the seal",
          found.count == noted.count
            ? "\(found.count) tokens have no bytes, but not those that were given up"
            : "\(found.count) tokens have no bytes, but \(noted.count) were given up"))
    }
    return findings
  }

  /// The readers whose cursors are places in the log; others note other numbers.
  private static let placeReaders = ["directory", "announcer", SQLiteFold.reader]

  private static func readers(_ db: Database) throws -> [LogFinding] {
    let end = try LogReader.head(db).sequence
    let rows = try Row.fetchCursor(db, sql: "SELECT name, sequence FROM reader")
    var findings: [LogFinding] = []
    while let row = try rows.next() {
      let name = try SQLiteRow.text(row, 0)
      let cursor = try SQLiteRow.number(row, 1)
      if placeReaders.contains(name) || name.hasPrefix("retention-"), !(0...end).contains(cursor) {
        findings.append(LogFinding("reader \(name)", "it has come to record \(cursor), but the log ends at \(end)"))
      }
    }
    return findings
  }

  private static func operators(_ db: Database) throws -> [LogFinding] {
    let rows = try Row.fetchCursor(db, sql: "SELECT key, iat, token FROM operator")
    var findings: [LogFinding] = []
    while let row = try rows.next() {
      let key = try SQLiteRow.text(row, 0)
      let iat = try SQLiteRow.number(row, 1)
      let token = try SQLiteRow.token(row, 2) ?? Token("")
      do throws(ClaimsError) {
        let common = try VerifiedClaims.decode(token, as: .operator).claims.common
        if common.sub.text != key { findings.append(LogFinding("operator \(key)", "its token is about \(common.sub)")) }
        if common.iat != iat { findings.append(LogFinding("operator \(key)", "its token was issued at \(common.iat), not at \(iat)")) }
      } catch {
        findings.append(LogFinding("operator \(key)", "its token is not good: \(error.message)"))
      }
    }
    return findings
  }
}
