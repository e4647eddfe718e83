import Claims
import Foundation
import GRDB

/// Goes through the records of a log page by page, and judges those of a page on all cores.
struct RecordPages {
  struct Page: Sendable {
    var findings: [LogFinding] = []
  }

  /// What was read of a row.
  private struct Reading: Sendable {
    let sequence: Int64
    let record: ChangeRecord?
    /// Why the row is no record.
    let problem: String?
  }

  private static let pageSize = 2000
  private static let pageBytes = 4 << 20

  let reader: LogReader
  let check: RecordCheck
  private var heads: [LogHead]
  /// The record that was read last.
  private(set) var previous = LogHead(sequence: 0, chain: ChangeChain.origin)
  private(set) var tokens = 0
  private(set) var givenUp = 0
  private var position = Int64.min

  init(reader: LogReader, check: RecordCheck, heads: [LogHead]) {
    self.reader = reader
    self.check = check
    self.heads = heads.filter { $0.sequence > 0 }
  }

  /// The heads behind the end.
  var missingHeads: [LogFinding] {
    heads.filter { $0.sequence > previous.sequence }.map { head in
      LogFinding(
        record: head.sequence,
        "there is no such record, but it was there when the head \(head) was noted: the log was cut off behind record \(previous.sequence)")
    }
  }

  /// Judges the next records; nil behind the last.
  mutating func next() async throws -> Page? {
    let rows = try read()
    guard let last = rows.last else { return nil }
    var before = [previous]
    before += rows.map { LogHead(sequence: $0.sequence, chain: $0.record?.chain ?? []) }
    let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
    let size = max(1, (rows.count + cores - 1) / cores)
    let check = check
    let parts = try await withThrowingTaskGroup(of: (Int, [LogFinding]).self) { [before] group in
      for start in stride(from: 0, to: rows.count, by: size) {
        group.addTask {
          try Task.checkCancellation()
          let range = start..<min(start + size, rows.count)
          return (start, range.flatMap { Self.findings(rows[$0], after: before[$0], check) })
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    var page = Page(findings: parts.sorted { $0.0 < $1.0 }.flatMap(\.1))
    page.findings += rows.flatMap(headFindings)
    tokens += rows.count { $0.record?.change.token != nil }
    givenUp += rows.count { $0.record.map { $0.change.token == nil } ?? false }
    position = last.sequence
    previous = before[rows.count]
    return page
  }

  private static func findings(_ row: Reading, after previous: LogHead, _ check: RecordCheck) -> [LogFinding] {
    let problems = (row.problem.map { [$0] } ?? []) + (row.record.map { check.problems($0, after: previous) } ?? [])
    return problems.map { LogFinding(record: row.sequence, $0) }
  }

  private func headFindings(_ row: Reading) -> [LogFinding] {
    heads.filter { $0.sequence == row.sequence && !(row.record?.chain ?? []).starts(with: $0.chain) }.map { head in
      LogFinding(
        record: row.sequence,
        "the chain does not pass through the head \(head), it is \(LogHead.hex(row.record?.chain ?? [])) here: the log was rewritten")
    }
  }

  private func read() throws -> [Reading] {
    try reader.read { db in
      let rows = try Row.fetchCursor(
        try db.cachedStatement(
          sql: "SELECT \(SQLiteRow.columns), \(DatabaseCheck.changeTypes) FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?"),
        arguments: [position, Self.pageSize])
      var page: [Reading] = []
      var bytes = 0
      while bytes < Self.pageBytes, let row = try rows.next() {
        let reading = try Self.reading(row)
        bytes += reading.record?.change.token?.bytes.count ?? 0
        page.append(reading)
      }
      return page
    }
  }

  private static func reading(_ row: Row) throws -> Reading {
    let sequence = try SQLiteRow.number(row, 0)
    let isTyped = row[14] == (1 as Int64?)
    do {
      let record = try SQLiteRow.record(row)
      return Reading(sequence: sequence, record: record, problem: isTyped ? nil : "a value is of a type that this program never writes")
    } catch let error as StoreError {
      return Reading(
        sequence: sequence, record: nil,
        problem: "it cannot be read: a value is missing or impossible\(error.detail.isEmpty ? "" : " (\(error.detail))")")
    }
  }
}
