import Claims
import ClaimsStore
import ClaimsTestSupport
import Testing

/// What every change log does with tokens whose bytes are given up, with owners, and with what is not about accounts.
@Suite("Every change log, besides its records")
struct RetentionContract {
  private let folder: TemporaryFolder
  private let one: AccountKey
  private let two: AccountKey

  init() throws {
    folder = try TemporaryFolder()
    one = try TestAuthority.account()
    two = try TestAuthority.account()
  }

  @Test("knows the tokens that made its records, by account", arguments: Engine.all)
  func knows(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let (first, claim) = (change(one, "a"), change(one, "claim", kind: .delete))
    try log.transaction { for change in [first, claim] { _ = try $0.append(change) } }
    #expect(try log.knows(first.digest, of: one))
    #expect(try log.knows(claim.digest, of: one))
    #expect(try !log.knows(first.digest, of: two))
    #expect(try !log.knows(Token("b").digest, of: one))
  }

  @Test("keeps owners, and records without bytes", arguments: Engine.all)
  func owners(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let token = Token("a")
    let owned = Change(
      time: 1, kind: .put, subject: one, token: token, digest: token.digest, jti: "jti", iat: 2, generation: 3, expires: 4,
      issuer: "issuer", actor: "actor", owner: "owner")
    let bare = Change(
      time: 5, kind: .transfer, subject: two, token: nil, digest: token.digest, jti: "", iat: 6, generation: 0, expires: 0, issuer: "",
      actor: "")
    try log.transaction { for change in [owned, bare] { _ = try $0.append(change) } }
    #expect(try await ChainCheck.records(of: log).map(\.change) == [owned, bare])
    var newest: [AccountKey: NewestChange] = [:]
    try log.forEachNewest { newest[$0.subject] = $0 }
    #expect(newest[one]?.owner == "owner" && newest[one]?.size == 1)
    #expect(newest[two]?.owner == "" && newest[two]?.size == 0)
    #expect(try log.token(at: 1) == token)
    #expect(try log.token(at: 2) == nil)
  }

  @Test("gives up the bytes of old versions, and neither the newest ones, nor another account's, nor the records", arguments: Engine.all)
  func versions(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let changes = (0..<5).map { change(one, "\($0)", iat: Int64($0)) } + [change(two, "other")]
    try log.transaction { for change in changes { _ = try $0.append(change) } }
    #expect(try await giveUp([one], keeping: 2, tombstonesBefore: 0, in: log) == 3)
    let kept = try await ChainCheck.records(of: log).map { $0.change.token?.text }
    #expect(kept == [nil, nil, nil, "3", "4", "other"])
    #expect(try log.token(at: 3) == nil)
    #expect(try log.knows(changes[0].digest, of: one))
    #expect(try await giveUp([one], keeping: 2, tombstonesBefore: 0, in: log) == 0)
    // The newest is never given up, whatever is asked for.
    #expect(try await giveUp([one, two], keeping: 0, tombstonesBefore: 0, in: log) == 1)
    #expect(try log.token(at: 5) == Token("4"))
  }

  @Test("neither counts activations as versions, nor gives them up", arguments: Engine.all)
  func activations(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let hash = try #require(ActivationHash(String(repeating: "A", count: 52)))
    let (old, granted, newer) = (change(one, "a", iat: 1), change(one, "b", kind: .activation, iat: 2), change(one, "c", iat: 3))
    try log.transaction { transaction in
      _ = try transaction.append(old)
      _ = try transaction.append(granted, as: hash)
      _ = try transaction.append(newer)
    }
    #expect(try await giveUp([one], keeping: 2, tombstonesBefore: 0, in: log) == 0)
    #expect(try await giveUp([one], keeping: 1, tombstonesBefore: 0, in: log) == 1)
    #expect(try await ChainCheck.records(of: log).map { $0.change.token?.text } == [nil, "b", "c"])
  }

  @Test("gives up delete claims by their age alone, and counts no version for them", arguments: Engine.all)
  func tombstones(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let changes = [
      change(one, "a"), change(one, "claim", kind: .delete), change(one, "b", iat: TestTime.seconds + 1),
      change(one, "second claim", kind: .delete),
    ]
    try log.transaction { for change in changes { _ = try $0.append(change) } }
    let time = changes[0].time
    #expect(try await giveUp([one], keeping: 2, tombstonesBefore: time, in: log) == 0)
    #expect(try await giveUp([one], keeping: 1, tombstonesBefore: time, in: log) == 1)
    #expect(try await ChainCheck.records(of: log).map { $0.change.token?.text } == [nil, "claim", "b", "second claim"])
    #expect(try await giveUp([one], keeping: 1, tombstonesBefore: time + 1, in: log) == 2)
    #expect(try await ChainCheck.records(of: log).map { $0.change.token?.text } == [nil, nil, "b", nil])
    let newest = try log.transaction { [one] transaction in try transaction.newestToken(of: one)?.change.token }
    #expect(newest == Token("b"))
  }

  @Test("passes over tombstones and closing claims for the newest token of an account", arguments: Engine.all)
  func newestToken(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let changes = [change(one, "a"), change(one, "closing", kind: .close), change(one, "claim", kind: .delete), change(two, "b")]
    try log.transaction { for change in changes { _ = try $0.append(change) } }
    let found = try log.transaction { [one, two] transaction in
      try [one, two].map { try transaction.newestToken(of: $0)?.sequence }
    }
    #expect(found == [1, 4])
  }

  @Test("notes operators, trusted ones in their order, and remembers former ones", arguments: Engine.all)
  func operators(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    func record(_ key: String, _ iat: Int64) -> OperatorRecord { OperatorRecord(key: key, iat: iat, token: Token("\(key) \(iat)")) }
    #expect(try await log.operators().isEmpty)
    try await log.note(operators: [record("B", 1), record("A", 1)])
    #expect(try await log.operators() == [record("B", 1), record("A", 1)])
    try await log.note(operators: [record("C", 1), record("A", 2)])
    let former = OperatorRecord(key: "B", iat: 1, token: Token("B 1"), isTrusted: false)
    #expect(try await log.operators() == [record("C", 1), record("A", 2), former])
    try await log.note(operators: [record("B", 3)])
    #expect(try await log.operators().first == record("B", 3))
    #expect(try await Set(log.operators().filter { !$0.isTrusted }.map(\.key)) == ["A", "C"])
  }

  @Test("is the same after it was proved", arguments: Engine.all)
  func proves(_ engine: Engine) async throws {
    let log = try engine.open(folder.path)
    let (first, second) = (change(one, "a"), change(two, "b"))
    _ = try log.transaction { try $0.append(first) }
    for _ in 0..<2 { try await log.prove() }
    _ = try log.transaction { try $0.append(second) }
    #expect(try await ChainCheck.records(of: log).map(\.change) == [first, second])
  }

  @Test("tells what fails, and is whole again when nothing does")
  func faults() async throws {
    let log = FaultyChangeLog(MemoryChangeLog())
    let (first, second) = (change(one, "a"), change(one, "b"))
    _ = try log.transaction { try $0.append(first) }
    log.fails = StoreError(.ioFailure, "broken")
    #expect(throws: StoreError(.ioFailure, "")) { try log.transaction { try $0.append(second) } }
    await #expect(throws: StoreError(.ioFailure, "")) { try await log.prove() }
    log.fails = nil
    #expect(try await ChainCheck.records(of: log).map(\.change) == [first])
  }

  private func giveUp(_ accounts: [AccountKey], keeping versions: Int, tombstonesBefore time: Int64, in log: any ChangeLog) async throws
    -> Int
  {
    try await log.giveUpVersions(of: accounts, keeping: versions) + log.giveUpTombstones(before: time, limit: 100)
  }
}
