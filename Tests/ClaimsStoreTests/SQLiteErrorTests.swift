import Claims
import ClaimsTestSupport
import GRDB
import Testing

@testable import ClaimsStore

@Suite("Errors of SQLite")
struct SQLiteErrorTests {
  @Test(
    "say what they mean and what to do",
    arguments: [
      (ResultCode.SQLITE_FULL, StoreError.Code.diskFull, "free some space and push again"),
      (.SQLITE_IOERR_SHMSIZE, .diskFull, "free some space and push again"),
      (.SQLITE_IOERR_FSYNC, .ioFailure, "push again in a moment"),
      (.SQLITE_CORRUPT, .damagedLog, "restore the log from a copy"),
      (.SQLITE_READONLY_DBMOVED, .ioFailure, "check the rights of the file"),
    ])
  func running(code: ResultCode, means: StoreError.Code, advice: String) {
    let error = StoreError(sqlite: DatabaseError(resultCode: code))
    #expect(error.code == means)
    #expect(error.message.contains(advice), "\(error)")
    #expect(error.detail.hasPrefix("\(code.rawValue)"))
  }

  @Test(
    "name the file when it cannot be opened",
    arguments: [
      (ResultCode.SQLITE_NOTADB, StoreError.Code.damagedLog, "--rebuild-log"), (.SQLITE_CANTOPEN, .unusableDirectory, "check the rights"),
      (.SQLITE_READONLY, .unusableDirectory, "check the rights of the file"),
      (.SQLITE_PERM, .unusableDirectory, "check the rights of the file"),
    ])
  func opening(code: ResultCode, means: StoreError.Code, advice: String) {
    let error = StoreError(sqlite: DatabaseError(resultCode: code), opening: "/log.sqlite")
    #expect(error.code == means)
    #expect(error.message.contains(advice) && error.message.contains("/log.sqlite"), "\(error)")
  }

  @Test("of a full disk at the start ask to start again")
  func fullDisk() {
    let error = StoreError(sqlite: DatabaseError(resultCode: .SQLITE_FULL), opening: "/log.sqlite")
    #expect(error.code == .diskFull)
    #expect(error.message.contains("start again"))
  }

  @Test("a transaction that a failed write rolled back takes nothing more, whatever is made of the failure")
  func abortedTransaction() async throws {
    let folder = try TemporaryFolder()
    let one = try TestAuthority.account()
    let log = try SQLiteChangeLog(path: folder.path + "/log.sqlite")
    try limit(log)
    #expect(throws: StoreError.self) { try appendBehindFailure(log, one) }
    #expect(try await log.lastSequence() == 0)
    try log.close()
  }

  @Test("after a failed transaction the log is asked where it ends: what failed may be there all the same")
  func asksAgain() async throws {
    let folder = try TemporaryFolder()
    let one = try TestAuthority.account()
    let logs = try (0..<2).map { _ in try SQLiteChangeLog(path: folder.path + "/log.sqlite") }
    try append("a", to: logs[0], one)
    try append("b", to: logs[1], one)
    #expect(throws: StoreError.self) { try append("c", to: logs[0], one) }
    try append("c", to: logs[0], one)
    #expect(try await logs[0].changes(after: 0, limit: 9).map(\.change.token) == ["a", "b", "c"].map { Token($0) })
    for log in logs { try log.close() }
  }

  private func append(_ text: String, to log: SQLiteChangeLog, _ account: AccountKey) throws {
    try log.transaction { _ = try $0.append(change(account, text)) }
  }

  private func limit(_ log: SQLiteChangeLog) throws {
    try log.pool.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
    }
  }

  private func appendBehindFailure(_ log: SQLiteChangeLog, _ account: AccountKey) throws {
    try log.transaction { transaction in
      let failed = Result { try transaction.append(change(account, String(repeating: "x", count: 100_000))) }
      #expect((try? failed.get()) == nil)
      _ = try transaction.append(change(account, "a"))
    }
  }
}
