import Claims
import ClaimsStore
import ClaimsTestSupport
import Testing

/// An engine of the change log under test.
struct Engine: Sendable, CustomTestStringConvertible {
  let name: String
  let open: @Sendable (_ folder: String) throws -> any ChangeLog

  var testDescription: String { name }

  static let durable = [
    Engine(name: "SQLite") { try SQLiteChangeLog(path: $0 + "/log.sqlite") },
    Engine(name: "SQLite that folds behind every transaction") {
      FaultyChangeLog(try SQLiteChangeLog(path: $0 + "/log.sqlite", largestTail: 1), tidiesOften: true)
    },
    Engine(name: "the double without faults") { FaultyChangeLog(try SQLiteChangeLog(path: $0 + "/log.sqlite")) },
  ]
  static let all = durable + [Engine(name: "memory") { _ in MemoryChangeLog() }]
}

@Suite("Every change log")
struct ChangeLogContract {
  private let folder: TemporaryFolder
  private let one: AccountKey
  private let two: AccountKey

  init() throws {
    folder = try TemporaryFolder()
    one = try TestAuthority.account()
    two = try TestAuthority.account()
  }

  @Test("numbers records from 1 without gaps and chains them", arguments: Engine.all)
  func numbersAndChains(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let changes = [change(one, "a"), change(two, "b"), change(one, "c", iat: TestTime.seconds + 1)]
    for change in changes { _ = try log.transaction { try $0.append(change) } }
    let records = try await log.changes(after: 0, limit: 10)
    #expect(records.map(\.sequence) == [1, 2, 3])
    #expect(records.map(\.change) == changes)
    var chain = ChangeChain.origin
    for record in records {
      chain = ChangeChain.link(after: chain, sequence: record.sequence, change: record.change)
      #expect(record.chain == chain)
    }
  }

  @Test("finds the newest activation by its hash, and takes it for no change of the account's claims", arguments: Engine.all)
  func activations(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let hash = try #require(ActivationHash(String(repeating: "A", count: 52)))
    let other = try #require(ActivationHash(String(repeating: "A", count: 51) + "Q"))
    let (claims, first, second) = (change(one, "a"), change(one, "b", kind: .activation), change(one, "c", kind: .activation))
    let stranger = change(two, "d", kind: .activation)
    try log.transaction { _ = try $0.append(claims) }
    try log.transaction { transaction in
      #expect(try transaction.activation(hash) == nil)
      _ = try transaction.append(first, as: hash)
      #expect(try transaction.activation(hash)?.change == first)
      #expect(try transaction.contains(first.digest, as: hash))
      _ = try transaction.append(second, as: hash)
      _ = try transaction.append(stranger, as: other)
      #expect(try !transaction.contains(stranger.digest, as: hash))
      #expect(try transaction.newestToken(of: one)?.change == claims)
      #expect(try transaction.newestToken(of: two) == nil)
    }
    #expect(try log.activation(hash)?.change == second)
    #expect(try log.activation(hash)?.sequence == 3)
    #expect(try log.activation(other)?.change == stranger)
    #expect(try log.transaction { try $0.contains(first.digest, as: hash) })
    var newest: [AccountKey: Int64] = [:]
    try log.forEachNewest { newest[$0.subject] = $0.sequence }
    #expect(newest == [one: 1])
    #expect(try await log.history(of: one, limit: 10).map(\.change) == [second, first, claims])
    #expect(try await ChainCheck.records(of: log).map(\.change) == [claims, first, second, stranger])
  }

  @Test("the log in memory that keeps no history tells the newest records of accounts, however many came before")
  func newestInMemory() async throws {
    let log = MemoryChangeLog(keepsHistory: false)
    for number in 0..<500 {
      let account = number % 5 == 0 ? two : one
      let next = change(account, "\(number)", iat: Int64(number))
      try log.transaction { _ = try $0.append(next) }
    }
    #expect(try await log.changes(after: 0, limit: 10).map(\.sequence) == [496, 500])
    #expect(try await log.changes(after: 0, limit: 1).map(\.sequence) == [496])
    #expect(try await log.changes(after: 496, limit: 10).map { $0.change.token?.text } == ["499"])
    #expect(try await log.changes(after: 500, limit: 10).isEmpty)
  }

  @Test("leaves no activation of a transaction that throws", arguments: Engine.all)
  func rollsActivationsBack(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let hash = try #require(ActivationHash(String(repeating: "A", count: 52)))
    let granted = change(one, "a", kind: .activation)
    #expect(throws: RefusedInTest.self) {
      try log.transaction { transaction in
        _ = try transaction.append(granted, as: hash)
        throw RefusedInTest()
      }
    }
    #expect(try log.activation(hash) == nil)
  }

  @Test("leaves nothing of a transaction that throws", arguments: Engine.all)
  func rollsBack(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let (first, second) = (change(one, "a"), change(two, "b"))
    #expect(throws: RefusedInTest.self) {
      try log.transaction { transaction in
        _ = try transaction.append(first)
        throw RefusedInTest()
      }
    }
    #expect(try await log.lastSequence() == 0)
    let record = try log.transaction { try $0.append(second) }
    #expect(record.sequence == 1)
    #expect(record.chain == ChangeChain.link(after: ChangeChain.origin, sequence: 1, change: second))
  }

  @Test("sees inside a transaction what was appended in it", arguments: Engine.all)
  func readsItsOwnWrites(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let (first, tombstone) = (change(one, "a"), change(one, "claim", kind: .delete))
    let (other, one, two) = (Token("other").digest, one, two)
    try log.transaction { transaction in
      #expect(try !transaction.contains(first.digest, for: one))
      _ = try transaction.append(first)
      _ = try transaction.append(tombstone)
      #expect(try transaction.contains(first.digest, for: one))
      #expect(try transaction.contains(tombstone.digest, for: one))
      #expect(try !transaction.contains(first.digest, for: two))
      #expect(try !transaction.contains(other, for: one))
      #expect(try transaction.newestToken(of: one)?.change == first)
      #expect(try transaction.newestToken(of: two) == nil)
    }
  }

  @Test("gives the newest record of every account, tombstones included", arguments: Engine.all)
  func newest(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let changes = [change(one, "a"), change(two, "b"), change(one, "c"), change(two, "claim", kind: .delete)]
    try log.transaction { transaction in for change in changes { _ = try transaction.append(change) } }
    var found: [AccountKey: NewestChange] = [:]
    try log.forEachNewest { newest in found[newest.subject] = newest }
    let records = try await log.changes(after: 0, limit: 10)
    #expect(found == [one: NewestChange(records[2]), two: NewestChange(records[3])])
    #expect(try log.token(at: 3) == Token("c"))
    #expect(try log.token(at: 9) == nil)
  }

  @Test("gives changes oldest first and histories newest first, as many as asked for", arguments: Engine.all)
  func pages(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let changes = (0..<10).map { change($0 % 2 == 0 ? one : two, "\($0)") }
    try log.transaction { transaction in for change in changes { _ = try transaction.append(change) } }
    #expect(try await log.changes(after: 4, limit: 3).map(\.sequence) == [5, 6, 7])
    #expect(try await log.changes(after: 10, limit: 3).isEmpty)
    #expect(try await log.history(of: one, limit: 2).map(\.sequence) == [9, 7])
    #expect(try await log.history(of: try TestAuthority.account(), limit: 2).isEmpty)
  }

  @Test("keeps every text that a token can bring, with its zero bytes", arguments: Engine.all)
  func anyText(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let token = Token("a")
    for text in ["", "\0", "a\0b", "\0\0", "\u{FFFD}", "\r\n\u{202E}"] {
      let change = Change(
        time: 1, kind: .put, subject: one, token: token, digest: token.digest, jti: text, iat: 1, generation: 0, expires: 0,
        issuer: "i\(text)", actor: "a\(text)", owner: "o\(text)")
      let account = one
      let record = try log.transaction { try $0.append(change) }
      #expect(try await log.changes(after: record.sequence - 1, limit: 1).map(\.change) == [change])
      #expect(try log.transaction { try $0.newestToken(of: account)?.change } == change)
      var newest: NewestChange?
      try log.forEachNewest { newest = $0 }
      #expect(newest == NewestChange(record))
    }
  }

  @Test("keeps a token without bytes, which is none that was given up", arguments: Engine.all)
  func emptyToken(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let change = change(one, "")
    _ = try log.transaction { try $0.append(change) }
    #expect(try log.token(at: 1) == Token(""))
    #expect(try await log.changes(after: 0, limit: 1).map(\.change) == [change])
  }

  @Test("keeps cursors by the name of the reader", arguments: Engine.all)
  func cursors(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    #expect(try await log.cursor(of: "a") == 0)
    try await log.setCursor(of: "a", to: 5)
    try await log.setCursor(of: "b", to: 7)
    try await log.setCursor(of: "a", to: 6)
    #expect(try await log.cursor(of: "a") == 6)
    #expect(try await log.cursor(of: "b") == 7)
  }

  @Test("holds everything after it was closed and opened again", arguments: Engine.durable)
  func reopens(_ engine: Engine) async throws {
    let (first, second) = (change(one, "a", generation: 3, expires: 9), change(one, "b"))
    let log = try engine.open(folder.path)
    _ = try log.transaction { try $0.append(first) }
    try await log.setCursor(of: "a", to: 1)
    try log.close()

    let again = try engine.open(folder.path)
    #expect(try await again.changes(after: 0, limit: 10).map(\.change) == [first])
    #expect(try await again.cursor(of: "a") == 1)
    let record = try again.transaction { try $0.append(second) }
    #expect(record.sequence == 2)
    let chain = try await again.changes(after: 0, limit: 1).map(\.chain)
    #expect(record.chain == ChangeChain.link(after: chain[0], sequence: 2, change: second))
  }

  @Test("refuses a file that is no log", arguments: Engine.durable)
  func refusesForeignFiles(_ engine: Engine) throws {
    try folder.write(String(repeating: "this is not a log. ", count: 500), to: "log.sqlite")
    #expect(throws: StoreError(.damagedLog, "")) { try engine.open(folder.path) }
  }
}
