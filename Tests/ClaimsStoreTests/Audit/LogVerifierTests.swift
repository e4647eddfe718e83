import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import GRDB
import Testing

@Suite("The verification of a log")
struct LogVerifierTests {
  @Test("is content with a log that holds every kind of record, and leaves its folder as it was", arguments: [true, false])
  func sound(_ isClosed: Bool) async throws {
    let log = try await AuditedLog(isClosed: isClosed)
    let before = try FileManager.default.contentsOfDirectory(atPath: log.folder.path)
    let reader = try LogReader(StateFolder(log.folder.path))
    var kinds: Set<ChangeKind> = []
    var last: LogHead?
    try reader.forEach(after: 0) { logged in
      kinds.insert(logged.record.change.kind)
      last = LogHead(sequence: logged.record.sequence, chain: logged.record.chain)
      return true
    }
    #expect(kinds == Set(ChangeKind.allCases))
    var verifier = LogVerifier(reader)
    verifier.heads = [try #require(last)]
    var progress: Int64 = 0
    let verdict = try await verifier.run(progress: { done, total in progress = 100 * done / total }, report: { Issue.record("\($0)") })
    #expect(verdict.findings == 0)
    #expect(verdict.head == last)
    #expect(verdict.givenUp > 3)
    #expect(verdict.tokens + verdict.givenUp == Int(verdict.head.sequence))
    #expect(progress == 100)
    #expect(try FileManager.default.contentsOfDirectory(atPath: log.folder.path) == before)
  }

  @Test("finds every single bit of the file whose loss changes what the database says", arguments: [UInt64(1), 2])
  func randomBits(_ seed: UInt64) async throws {
    let log = try await AuditedLog()
    let sound = try log.copy()
    let said = try #require(sound.dump())
    #expect(try await sound.findings(.signatures) == [])
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: log.file)))
    var random = SeededGenerator(seed: seed)
    var (flips, live) = (0, 0)
    while flips < 800 {
      flips += 1
      // Half of them anywhere, half at the start of a page, where the structure lies.
      let page = Int.random(in: 0..<(bytes.count / 4096), using: &random) * 4096
      let place = flips % 2 == 0 ? page + Int.random(in: 0..<100, using: &random) : Int.random(in: 0..<bytes.count, using: &random)
      let bit = Int.random(in: 0..<8, using: &random)
      var damaged = bytes
      damaged[place] ^= 1 << bit
      let copy = try log.copy(damaged)
      guard copy.dump() != said else { continue }
      live += 1
      let findings = try await copy.findings()
      #expect(!findings.isEmpty, "bit \(bit) of byte \(place) in a file of \(bytes.count)")
    }
    #expect(live > 50, "\(live) of \(flips) flips changed something")
  }

  @Test("finds a changed bit, another type, and a row that is gone, in every column of every table", arguments: LogCopy.tables.map(\.name))
  func columns(_ table: String) async throws {
    let log = try await AuditedLog()
    let said = try #require(log.copy().dump())
    let head = try LogReader(StateFolder(log.folder.path)).head()
    let columns = try #require(LogCopy.tables.first { $0.name == table }?.columns)
    var live = 0
    for row in try rows(of: table, in: log) {
      for column in columns {
        let values = try #require(row.changed[column])
        for value in values {
          let copy = try log.copy()
          // What the schema itself does not let in, such as a second row of one key, is no case.
          guard (try? copy.execute("UPDATE \(table) SET \(column) = \(value) WHERE \(row.condition)")) != nil, copy.dump() != said
          else { continue }
          live += 1
          #expect(try await !copy.findings().isEmpty, "\(table).\(column) = \(value.prefix(80)) where \(row.condition.prefix(80))")
        }
      }
      let copy = try log.copy()
      try copy.execute("DELETE FROM \(table) WHERE \(row.condition)")
      // Only an earlier head tells that the last record is gone.
      #expect(try await !copy.findings(heads: [head]).isEmpty, "without the row of \(table) where \(row.condition.prefix(80))")
    }
    #expect(live >= columns.count, "\(live) cases")
  }

  /// Some rows of a table: how each is found, and what its values can be changed to, as SQL.
  private func rows(of table: String, in log: AuditedLog) throws -> [(condition: String, changed: [String: [String]])] {
    let columns = try #require(LogCopy.tables.first { $0.name == table }?.columns)
    let copy = try log.copy()
    let queue = try DatabaseQueue(path: copy.folder.path + "/log.sqlite")
    defer { withExtendedLifetime(copy) {} }
    let all = try queue.read { db in try Row.fetchAll(db, sql: "SELECT \(columns.joined(separator: ", ")) FROM \(table)") }
    let step = max(1, all.count / 4)
    return try stride(from: 0, to: all.count, by: step).map { place in
      let row = all[place]
      var changed: [String: [String]] = [:]
      for (index, column) in columns.enumerated() {
        let value: DatabaseValue = row[index]
        changed[column] = Self.changes(of: value, place: place)
      }
      let key: DatabaseValue = row[0]
      return ("\(columns[0]) = \(try #require(Self.literal(key)))", changed)
    }
  }

  private static func literal(_ value: DatabaseValue) -> String? {
    switch value.storage {
    case .int64(let number): "\(number)"
    case .string(let text): "'\(text)'"
    case .blob(let data): "x'\(LogHead.hex(data))'"
    case .null, .double: nil
    }
  }

  private static func changes(of value: DatabaseValue, place: Int) -> [String] {
    func flipped(_ bytes: [UInt8]) -> String {
      var bytes = bytes
      if !bytes.isEmpty { bytes[(place * 37) % bytes.count] ^= UInt8(1) << (place % 7) }
      return "x'\(LogHead.hex(bytes.isEmpty ? [1] : bytes))'"
    }
    return switch value.storage {
    case .int64(let number): ["\(number ^ 1)", "\(number ^ (1 << 33))", "\(number).5", "'x'"]
    case .string(let text): ["CAST(\(flipped(Array(text.utf8))) AS TEXT)", "x'\(LogHead.hex(text.utf8))'", "''"]
    case .blob(let data): [flipped(Array(data)), "CAST(x'\(LogHead.hex(data))' AS TEXT)", "NULL", "x''"]
    case .null: ["1", "x'00'"]
    case .double: ["1"]
    }
  }

  @Test("finds triggers and tables that were put in, and an index that was dropped")
  func schema() async throws {
    let log = try await AuditedLog()
    for (statement, text) in [
      ("CREATE TRIGGER quiet AFTER INSERT ON change BEGIN DELETE FROM reader; END", "trigger quiet is not of this program's making"),
      ("CREATE TABLE other (x)", "table other is not of this program's making"),
      ("DROP INDEX change_tombstone", "index change_tombstone is missing"),
      ("ALTER TABLE change ADD COLUMN more TEXT", "table change is not as this program makes it"),
    ] {
      let copy = try log.copy()
      try copy.execute(statement)
      let findings = try await copy.findings()
      #expect(findings.contains("the schema: \(text)"), "\(findings)")
    }
  }

  @Test("tells by an earlier head that the log was cut off, or rewritten from the start")
  func heads() async throws {
    let log = try await AuditedLog()
    let head = try LogReader(StateFolder(log.folder.path)).head()
    let text = LogHead("\(head.sequence):\(LogHead.hex(head.chain.prefix(8)))")
    #expect(try await log.copy().findings(heads: [head, try #require(text)]) == [])
    let other = try await AuditedLog()
    let rewritten = try await other.copy().findings(heads: [head])
    #expect(rewritten.count == 1 && rewritten[0].contains("was rewritten"), "\(rewritten)")
    let shorter = LogHead(sequence: head.sequence + 1, chain: head.chain)
    let cut = try await log.copy().findings(heads: [shorter])
    #expect(cut.count == 1 && cut[0].contains("was cut off behind record \(head.sequence)"), "\(cut)")
  }

  @Test("checks tokens' claims and signatures, when somebody wrote a chain that holds over a token that does not")
  func forgedTokens() async throws {
    let authority = try TestAuthority()
    let account = try TestAuthority.account()
    let token = try authority.account(account)
    let parts = token.text.split(separator: ".")
    let other = try authority.account(account, name: "other").text.split(separator: ".")
    let forged = Token("\(parts[0]).\(parts[1]).\(other[2])")
    let honest = try AuditedLog.change(.put, account, token)
    let cases: [(change: Change, text: String)] = [
      (try AuditedLog.change(.put, account, forged), "signature verification"),
      (try AuditedLog.change(.put, try TestAuthority.account(), token), "the token is about \(account)"),
      (try AuditedLog.change(.put, account, token, mark: TestTime.seconds - 1), "later than the account's mark"),
      (
        Change(
          time: 1, kind: .put, subject: account, token: token, digest: token.digest, jti: "other", iat: honest.iat, generation: 0,
          expires: 5, issuer: "other", actor: ""), "jti is \(honest.jti), not other"
      ),
      (try AuditedLog.change(.delete, account, try authority.deletion(of: [TestAuthority.account()])), "does not name \(account)"),
    ]
    for (change, text) in cases {
      let folder = try TemporaryFolder()
      let log = try SQLiteChangeLog(path: folder.path + "/log.sqlite")
      _ = try log.transaction { try $0.append(change) }
      try log.close()
      var findings: [String] = []
      let verifier = LogVerifier(try LogReader(StateFolder(folder.path)))
      _ = try await verifier.run(progress: { _, _ in }, report: { findings.append($0.description) })
      #expect(findings.contains { $0.hasPrefix("record 1: ") && $0.contains(text) }, "\(text): \(findings)")
    }
  }

  @Test("goes on while the log is written, and reads what is only in the write-ahead log")
  func liveLog() async throws {
    let folder = try TemporaryFolder()
    let authority = try TestAuthority()
    let log = try SQLiteChangeLog(path: folder.path + "/log.sqlite")
    let writing = Task {
      for number in 0..<200 {
        let account = try TestAuthority.account()
        let change = try AuditedLog.change(.put, account, authority.account(account, name: "\(number)"))
        _ = try log.transaction { try $0.append(change) }
        try await log.setCursor(of: "directory", to: Int64(number + 1))
      }
    }
    try await eventually("there are records") { try await log.lastSequence() > 3 }
    var verified: Int64 = 0
    while verified < 200 {
      var verifier = LogVerifier(try LogReader(StateFolder(folder.path)))
      verifier.tokens = .claims
      let verdict = try await verifier.run(progress: { _, _ in }, report: { Issue.record("\($0)") })
      verified = verdict.head.sequence
    }
    try await writing.value
    try log.close()
  }

  @Test("says what is wrong when there is no log, or something else in its place")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: StoreError.self) { try LogReader(StateFolder(folder.path)) }
    #expect(missing?.message.contains("there is no change log \(folder.path)/log.sqlite") == true)
    try folder.write(String(repeating: "this is not a log. ", count: 500), to: "log.sqlite")
    let foreign = #expect(throws: StoreError.self) { try LogReader(StateFolder(folder.path)) }
    #expect(foreign?.code == .damagedLog)
  }
}
