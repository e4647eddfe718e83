import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import GRDB
import Logging
import Testing

@Suite("The tables that follow the log")
struct SQLiteFoldTests {
  private let folder: TemporaryFolder
  private let accounts: [AccountKey]

  init() throws {
    folder = try TemporaryFolder()
    accounts = try (0..<5).map { _ in try TestAuthority.account() }
  }

  private var file: String { folder.path + "/log.sqlite" }

  /// A copy of a log that is open, as a crash leaves it.
  private func crashed() throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    for name in ["log.sqlite", "log.sqlite-wal"] {
      try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(copy.path)/\(name)")
    }
    return copy
  }

  /// Everything that depends on which records are of which account.
  private struct Answers: Equatable {
    var newest: [AccountKey: NewestChange] = [:]
    var histories: [AccountKey: [ChangeRecord]] = [:]
    var knows: [AccountKey: [Bool]] = [:]
    var newestTokens: [AccountKey: ChangeRecord] = [:]

    init(_ log: any ChangeLog, _ accounts: [AccountKey], digests: [TokenDigest]) async throws {
      var newest: [AccountKey: NewestChange] = [:]
      try log.forEachNewest { newest[$0.subject] = $0 }
      self.newest = newest
      for account in accounts {
        histories[account] = try await log.history(of: account, limit: 1000)
        knows[account] = try digests.map { try log.knows($0, of: account) }
        newestTokens[account] = try log.transaction { try $0.newestToken(of: account) }
      }
    }
  }

  @Test("say the same whenever they are folded, after a close and after a crash", arguments: 1...8)
  func sameAnswers(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let model = MemoryChangeLog()
    var log = try SQLiteChangeLog(path: file, largestTail: 6)
    var digests: [TokenDigest] = []
    for step in 0..<60 {
      let changes = (0..<Int.random(in: 1...3, using: &random)).map { number in
        change(
          accounts[Int.random(in: 0..<4, using: &random)], "\(step) \(number)",
          kind: [.put, .put, .delete, .close].randomElement(using: &random) ?? .put)
      }
      digests.append(contentsOf: changes.map(\.digest))
      for log in [log, model] as [any ChangeLog] {
        try log.transaction { transaction in for change in changes { _ = try transaction.append(change) } }
      }
      #expect(throws: RefusedInTest.self) {
        try log.transaction { [account = accounts[4]] transaction in
          _ = try transaction.append(change(account, "refused"))
          throw RefusedInTest()
        }
      }
      switch Int.random(in: 0..<12, using: &random) {
      case 0:
        try log.close()
        log = try SQLiteChangeLog(path: file, largestTail: 6)
      case 1..<5: try log.tidy()
      default: break
      }
      if step % 10 == 9 {
        let expected = try await Answers(model, accounts, digests: digests)
        #expect(try await Answers(log, accounts, digests: digests) == expected)
        let copy = try crashed()
        let again = try SQLiteChangeLog(path: copy.path + "/log.sqlite", largestTail: 6)
        #expect(try await Answers(again, accounts, digests: digests) == expected)
        try again.close()
        #expect(try await LogCopy([UInt8](Data(contentsOf: URL(filePath: copy.path + "/log.sqlite")))).findings() == [])
      }
    }
    try log.close()
  }

  @Test("are complete after a close, so that the next start reads nothing else")
  func closes() async throws {
    let log = try SQLiteChangeLog(path: file)
    let first = change(accounts[0], "a")
    _ = try log.transaction { try $0.append(first) }
    try log.tidy()
    #expect(try await log.cursor(of: "fold") == 0)
    try log.close()
    #expect(try await SQLiteChangeLog(path: file).cursor(of: "fold") == 1)
  }

  @Test("are made of a log of the version before")
  func migrates() async throws {
    let log = try SQLiteChangeLog(path: file)
    let changes = [change(accounts[0], "a"), change(accounts[1], "b"), change(accounts[0], "c")]
    try log.transaction { transaction in for change in changes { _ = try transaction.append(change) } }
    try log.close()
    try LogCopy(at: folder).execute(
      "DROP TABLE history", "CREATE INDEX change_subject ON change (subject, sequence)", "DELETE FROM reader WHERE name = 'fold'",
      "DELETE FROM grdb_migrations WHERE identifier = '4'")
    let again = try SQLiteChangeLog(path: file)
    #expect(try await again.history(of: accounts[0], limit: 9).map(\.sequence) == [3, 1])
    #expect(try again.knows(changes[1].digest, of: accounts[1]))
    try again.close()
    #expect(try await LogCopy(at: folder).findings() == [])
  }

  @Test("of a later version are left alone, and whoever starts is told so")
  func laterVersion() throws {
    try SQLiteChangeLog(path: file).close()
    try LogCopy(at: folder).execute("INSERT INTO grdb_migrations VALUES ('6')")
    let error = #expect(throws: StoreError.self) { try SQLiteChangeLog(path: file) }
    #expect(error?.code == .unusableDirectory)
    #expect(error?.message.contains("later version") == true)
  }

  @Test("fail without a loss: what was accepted stays, the failure is told, and the log is proved good")
  func failure() async throws {
    let log = FaultyChangeLog(try SQLiteChangeLog(path: file))
    let store = try Store(.init(directory: folder.path), openLog: { _, _ in log }, logger: Logger.silent)
    log.failsToTidy = StoreError(.ioFailure, "the upkeep failed")
    guard case .committed = try await store.submit(put(change(accounts[0], "a"))) else { throw RefusedInTest() }
    try await eventually("the failure is told") { store.logProblem?.contains("the upkeep failed") == true }
    #expect(try store.current(accounts[0])?.token == Token("a"))
    guard case .committed(let record) = try await store.submit(put(change(accounts[1], "b"))) else { throw RefusedInTest() }
    #expect(record.sequence == 2)
    log.failsToTidy = nil
    let following = Task { await store.followLog() }
    try await eventually("the log is good again") { store.logProblem == nil }
    following.cancel()
    await following.value
    await store.close()
  }
}
