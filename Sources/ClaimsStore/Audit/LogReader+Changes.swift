import Claims
import Foundation
import GRDB

extension LogReader {
  private static let pageSize = 1000

  /// The last record's place and chain; sequence 0 and the chain's origin in an empty log.
  ///
  /// - Throws: ``StoreError`` when the log cannot be read.
  public func head() throws -> LogHead {
    try read { db in try Self.head(db) }
  }

  /// The chain value of a record; nil when there is no such record.
  ///
  /// - Throws: ``StoreError`` when the log cannot be read.
  public func chain(at sequence: Int64) throws -> [UInt8]? {
    guard sequence > 0 else { return ChangeChain.origin }
    return try read { db in
      let rows = try Row.fetchCursor(db, sql: "SELECT chain FROM change WHERE sequence = ?", arguments: [sequence])
      return try SQLiteRow.first(rows) { row in try row.withUnsafeData(atIndex: 0) { [UInt8]($0 ?? Data()) } }
    }
  }

  /// Calls `body` with the records that a filter admits, oldest first, page by page: nothing is held open in between, so that a server is not
  /// held up however long the reading takes.
  ///
  /// - Parameters:
  ///   - sequence: where to begin: behind this record.
  ///   - filter: which records.
  ///   - body: takes a record and tells whether to go on.
  /// - Returns: the last sequence that was looked at.
  /// - Throws: ``StoreError`` when the log cannot be read, and what `body` throws.
  @discardableResult
  public func forEach(
    after sequence: Int64 = 0, _ filter: LogFilter = LogFilter(), _ body: (LoggedChange) throws -> Bool
  ) throws -> Int64 {
    try pages(from: sequence, "sequence > ? ORDER BY sequence", filter, body)
  }

  /// Calls `body` with the records that a filter admits, newest first, page by page.
  ///
  /// - Parameters:
  ///   - filter: which records.
  ///   - body: takes a record and tells whether to go on.
  /// - Throws: ``StoreError`` when the log cannot be read, and what `body` throws.
  public func forEachBackwards(_ filter: LogFilter = LogFilter(), _ body: (LoggedChange) throws -> Bool) throws {
    _ = try pages(from: .max, "sequence < ? ORDER BY sequence DESC", filter, body)
  }

  private func pages(from start: Int64, _ clause: String, _ filter: LogFilter, _ body: (LoggedChange) throws -> Bool) throws -> Int64 {
    var position = start
    while true {
      let page = try page(from: position, clause, filter.account)
      for change in page where filter.admits(change.record.change) {
        guard try body(change) else { return change.record.sequence }
      }
      guard let last = page.last else { return position }
      position = last.record.sequence
    }
  }

  private func page(from position: Int64, _ clause: String, _ account: AccountKey?) throws -> [LoggedChange] {
    try read { db in
      // The token's column gives its length in place of its bytes.
      let columns = SQLiteRow.columns.replacing(" token,", with: " NULL,")
      let condition = account == nil ? "" : "\(Self.ofAccount) AND "
      var arguments: StatementArguments = try account.map { [$0.raw.data, try SQLiteFold.end(db), $0.raw.data] } ?? []
      arguments += [position, Self.pageSize]
      let rows = try Row.fetchCursor(
        db, sql: "SELECT \(columns), length(token) FROM change WHERE \(condition)\(clause) LIMIT ?", arguments: arguments)
      var page: [LoggedChange] = []
      while let row = try rows.next() {
        let size: Int64? = row[14]
        page.append(LoggedChange(record: try SQLiteRow.record(row), size: size.map { Int($0) }))
      }
      return page
    }
  }

  private static let ofAccount = """
    sequence IN (
      SELECT record FROM history WHERE account = ? UNION ALL SELECT sequence FROM change WHERE sequence > ? AND subject = ?)
    """

  static func head(_ db: Database) throws -> LogHead {
    let rows = try Row.fetchCursor(db, sql: "SELECT sequence, chain FROM change ORDER BY sequence DESC LIMIT 1")
    let head = try SQLiteRow.first(rows) { row in
      LogHead(sequence: try SQLiteRow.number(row, 0), chain: try row.withUnsafeData(atIndex: 1) { [UInt8]($0 ?? Data()) })
    }
    return head ?? LogHead(sequence: 0, chain: ChangeChain.origin)
  }
}
