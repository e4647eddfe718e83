import Claims
import Foundation
import GRDB
import Nkeys

/// Compares what the log keeps of every account's newest change, from which the server starts, with the records: those up to where it is
/// complete, for the start reads the tail from the records themselves.
enum NewestCheck {
  private static let pageSize = 1000
  private static let columns = ["sequence", "time", "kind", "digest", "iat", "generation", "expires", "issuer", "owner"]

  static func findings(_ db: Database) throws -> [LogFinding] {
    let end = try SQLiteFold.end(db)
    return try counts(db) + accounts(db, end) + tail(db, end)
  }

  private static func counts(_ db: Database) throws -> [LogFinding] {
    let accounts = try Int64.fetchOne(db, sql: "SELECT COUNT(DISTINCT account) FROM history WHERE record NOT IN (\(activations))") ?? 0
    let newest = try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM newest") ?? 0
    let strange = try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM newest WHERE typeof(subject) <> 'blob' OR length(subject) <> 32") ?? 0
    var findings: [LogFinding] = []
    if accounts != newest {
      findings.append(LogFinding("the newest changes", "there are \(newest) of them, but \(accounts) accounts have records"))
    }
    if strange > 0 { findings.append(LogFinding("the newest changes", "\(strange) of them are of no account")) }
    return findings
  }

  /// A token that a start from the records would miss.
  private static func tail(_ db: Database, _ end: Int64) throws -> [LogFinding] {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT subject, sequence, kind, token IS NOT NULL FROM change WHERE sequence > ? AND kind <> 8 ORDER BY sequence DESC",
      arguments: [end])
    var seen: Set<Data> = []
    var findings: [LogFinding] = []
    while let row = try rows.next() {
      let subject = try row.withUnsafeData(atIndex: 0) { Data($0 ?? Data()) }
      guard seen.insert(subject).inserted, try SQLiteRow.number(row, 3) == 0 else { continue }
      if try SQLiteRow.number(row, 2) != Int64(ChangeKind.delete.rawValue) {
        findings.append(LogFinding("the newest change of \(name(subject))", problem(["token"])))
      }
    }
    return findings
  }

  private static func accounts(_ db: Database, _ end: Int64) throws -> [LogFinding] {
    let statement = try db.cachedStatement(sql: comparison)
    var findings: [LogFinding] = []
    var position = Data()
    while true {
      let rows = try Row.fetchCursor(statement, arguments: ["position": position, "limit": pageSize, "end": end])
      var count = 0
      while let row = try rows.next() {
        count += 1
        guard let subject: Data = row[0] else { break }
        position = subject
        let wrong = (columns + ["size", "token"]).enumerated().filter { row[$0.offset + 1] != (1 as Int64?) }.map(\.element)
        if !wrong.isEmpty { findings.append(LogFinding("the newest change of \(name(subject))", problem(wrong))) }
      }
      if count < pageSize { return findings }
    }
  }

  private static func problem(_ wrong: [String]) -> String {
    if wrong.count > columns.count { return "the log has no record of this account" }
    if wrong == ["token"] { return "the token's bytes are gone, though it is the newest" }
    return "what the server starts from is not what the record says: \(wrong.joined(separator: ", "))"
  }

  private static func name(_ subject: Data) -> String {
    guard let raw = RawKey(subject), let account = AccountKey(raw: raw) else {
      return "an impossible account (\(LogHead.hex(subject)))"
    }
    return account.text
  }

  /// Records that change no account's claims; ``ActivationCheck`` makes sure that it names the right ones.
  private static let activations = "SELECT record FROM activation"

  private static let comparison = """
    SELECT n.subject,
      \(columns.map { "n.\($0) IS c.\($0) AND typeof(n.\($0)) = typeof(c.\($0))" }.joined(separator: ", ")),
      n.size IS COALESCE(length(c.token), 0) AND typeof(n.size) = 'integer',
      c.token IS NOT NULL OR c.kind = 3 OR n.subject IN (SELECT subject FROM change WHERE sequence > :end AND kind <> 8)
    FROM newest n LEFT JOIN change c ON c.sequence = (
      SELECT record FROM history WHERE account = n.subject AND record NOT IN (\(activations)) ORDER BY record DESC LIMIT 1)
    WHERE n.subject > :position ORDER BY n.subject LIMIT :limit
    """
}
