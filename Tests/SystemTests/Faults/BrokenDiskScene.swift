import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport
import Testing

/// A server over a disk that can be broken, with one account whose tokens are each newer than the one before.
final class BrokenDiskScene {
  let disk: BreakableDisk
  let account: TestAccount
  private(set) var claims: ServerUnderTest
  private(set) var lookups: LiveLookups
  private var options: ServerUnderTest.Options
  private var second: Int64 = 0
  private var acknowledged: Token
  /// Tokens that were refused after the last acknowledgement, because the disk failed.
  private var doubtful: [Token] = []

  init() async throws {
    let organisation = try Organisation()
    disk = try BreakableDisk()
    account = try TestAccount(of: organisation)
    options = try ServerUnderTest.Options(organisation)
    try disk.lieUnder(&options)
    claims = try await ServerUnderTest(options)
    acknowledged = try account.token(0)
    try await claims.store(acknowledged, of: account)
    lookups = LiveLookups(of: account.key, on: claims, stored: acknowledged)
    guard !disk.calls.isEmpty else { throw SetupError("the library of faults is not loaded") }
  }

  /// The calls on the log's files that one push makes.
  func callsOfOnePush() async throws -> [BreakableDisk.Made] {
    // The reader of the directory notes its cursor meanwhile; when it is quiet, the calls are the push's.
    try await eventually("the directory is quiet") { try await claims.metric("nats_claims_directory_lag_records") == 0 }
    let before = disk.calls.count
    #expect(try await push() == 200)
    return Array(disk.calls[before...])
  }

  /// How many calls the first push makes after a sync failed, which proves the log good before it is stored.
  func callsOfOneProof() async throws -> Int {
    try disk.fail(.sync, .error(EIO))
    #expect(try await push() == 503)
    let before = disk.calls.count
    try disk.heal()
    #expect(try await push() == 200)
    return disk.calls.count - before
  }

  /// Pushes the next token, and gives the status of the answer.
  func push(size: Int = 0) async throws -> Int {
    let token = try nextToken(size: size)
    return note(try await claims.http.push(token, to: account.key).status, of: token)
  }

  /// A token that is newer than all before; lookups may give it from now on.
  func nextToken(size: Int = 0) throws -> Token {
    second += 1
    let token = try account.token(second / 20, name: "\(second)") { claims in
      if size > 0 { claims.tags = [String(repeating: "x", count: size)] }
    }
    lookups.begins(token)
    return token
  }

  /// A push of this token was answered.
  @discardableResult
  func note(_ status: Int, of token: Token) -> Int {
    if status == 200 {
      acknowledged = token
      doubtful = []
      lookups.acknowledged(token)
    } else {
      doubtful.append(token)
    }
    return status
  }

  /// Whether `/readyz` says that the log cannot be written.
  func isWarned() async throws -> Bool { try await claims.http.get("/readyz").text.contains("\"log\" :") }

  /// After the disk is whole again pushes are stored, without a restart.
  func heals() async throws {
    try await eventually("a push is stored again", within: 10) { try await push() == 200 }
    #expect(try await !isWarned())
  }

  /// Runs `body` while the account is looked up all the time.
  func withLookups(_ body: () async throws -> Void) async throws {
    let lookups = lookups
    let running = Task { try await lookups.run() }
    defer { running.cancel() }
    try await body()
    running.cancel()
    try await running.value
    #expect(lookups.count > 0)
    #expect(lookups.wrong.isEmpty, "\(lookups.wrong.prefix(5))")
  }

  /// Kills the server, looks at its log, and starts it again: what was acknowledged is served.
  ///
  /// A push that was answered with 503 may be there: nobody was told that it is not.
  func survivesKill() async throws {
    try await claims.kill()
    try disk.heal()
    try await checkLog()
    claims = try await ServerUnderTest(options)
    let served = try await claims.http.account(account.key).body
    #expect(([acknowledged] + doubtful).contains { $0.bytes == served }, "what is served was neither acknowledged nor doubtful")
    acknowledged = Token(served)
    doubtful = []
    lookups = LiveLookups(of: account.key, on: claims, stored: acknowledged)
  }

  private func checkLog() async throws {
    // A copy: to open the log is to repair it, and that is the server's duty.
    let copy = try Stage.required.newFolder("log")
    let state = "\(options.directory ?? "")/.nats-claims"
    for name in try FileManager.default.contentsOfDirectory(atPath: state) where name.hasPrefix("log.sqlite") && !name.hasSuffix("-shm") {
      try FileManager.default.copyItem(atPath: "\(state)/\(name)", toPath: "\(copy)/\(name)")
    }
    let log = try SQLiteChangeLog(path: "\(copy)/log.sqlite")
    let records = try await ChainCheck.records(of: log)
    let last = records.last { $0.change.subject == account.key }
    #expect(([acknowledged] + doubtful).contains { $0 == last?.change.token })
    // In the log of one account every mark is at least the one before.
    let marks = records.filter { $0.change.subject == account.key }.map { ($0.change.iat, $0.change.generation) }
    #expect(zip(marks, marks.dropFirst()).allSatisfy { $0 < $1 })
    try log.close()
  }
}
