import Claims
import ClaimsStore
import ClaimsTestSupport
import Glibc
import Logging
import Testing

@Suite("Retention")
struct RetentionTests {
  private let folder: TemporaryFolder
  private let one: AccountKey
  private let two: AccountKey

  init() throws {
    folder = try TemporaryFolder()
    one = try TestAuthority.account()
    two = try TestAuthority.account()
  }

  private static let day: Int64 = 86_400_000
  private static var now: Int64 { Int64(time(nil)) * 1000 }

  private func open(_ engine: Engine, keeping retention: Retention? = Retention()) throws -> Store {
    var options = Store.Options(directory: folder.path)
    options.retention = retention
    return try Store(
      options, openLog: { path, _ in try engine.open(String(path.dropLast("/log.sqlite".count))) }, logger: Logger(label: "test"))
  }

  private func put(
    _ text: String, of account: AccountKey, _ kind: ChangeKind = .put, daysAgo: Int64 = 0, in store: Store
  ) async throws {
    let token = Token(text)
    let change = Change(
      time: Self.now - daysAgo * Self.day, kind: kind, subject: account, token: token, digest: token.digest, jti: "", iat: 1,
      generation: 0, expires: 0, issuer: "", actor: "test")
    _ = try await store.submit(Proposal(subject: account) { _, _ in .append(change) })
  }

  /// The tokens of an account that still have bytes, oldest first.
  private func kept(_ account: AccountKey, in store: Store) async throws -> [String] {
    try await store.log.history(of: account, limit: 1000).reversed().compactMap { $0.change.token?.text }
  }

  @Test("keeps the bytes of the last 20 versions of every account, and every record", arguments: Engine.all)
  func versions(_ engine: Engine) async throws {
    let store = try open(engine)
    for number in 0..<25 { try await put("one \(number)", of: one, in: store) }
    for number in 0..<3 { try await put("two \(number)", of: two, in: store) }
    #expect(try await store.applyRetention() == 5)
    #expect(try await kept(one, in: store) == (5..<25).map { "one \($0)" })
    #expect(try await kept(two, in: store).count == 3)
    #expect(try await store.log.history(of: one, limit: 100).count == 25)
    #expect(try store.log.knows(Token("one 0").digest, of: one))
    #expect(try await store.applyRetention() == 0)
    try await put("one 25", of: one, in: store)
    #expect(try await store.applyRetention() == 1)
    #expect(try store.current(one)?.token == Token("one 25"))
    await store.close()
  }

  @Test("never gives up the newest token, nor the one that an undelete brings back", arguments: Engine.all)
  func protects(_ engine: Engine) async throws {
    let store = try open(engine, keeping: Retention(versions: 1))
    for number in 0..<4 { try await put("\(number)", of: one, in: store) }
    try await put("closing", of: one, .close, in: store)
    try await put("claim", of: one, .delete, in: store)
    try await put("only", of: two, in: store)
    #expect(try await store.applyRetention() == 3)
    #expect(try await kept(one, in: store) == ["3", "closing", "claim"])
    #expect(try await kept(two, in: store) == ["only"])
    let account = one
    let newest = try store.log.transaction { try $0.newestToken(of: account)?.change.token }
    #expect(newest == Token("3"))
    try await put("4", of: one, in: store)
    try await store.applyRetention()
    #expect(try await kept(one, in: store) == ["claim", "4"])
    await store.close()
  }

  @Test("keeps delete claims for their days, also of accounts that nobody touches any more", arguments: Engine.all)
  func tombstones(_ engine: Engine) async throws {
    let store = try open(engine, keeping: Retention(versions: 20, tombstoneDays: 400))
    try await put("one", of: one, daysAgo: 402, in: store)
    try await put("old claim", of: one, .delete, daysAgo: 401, in: store)
    try await put("two", of: two, in: store)
    try await put("claim", of: two, .delete, daysAgo: 399, in: store)
    try await store.applyRetention()
    #expect(try await kept(one, in: store) == ["one"])
    #expect(try await kept(two, in: store) == ["two", "claim"])
    #expect(store.index.entry(of: one.raw)?.isDeleted == true)
    #expect(store.index.entry(of: one.raw)?.iat == 1)
    await store.close()
  }

  @Test("looks at every account again when fewer versions are to be kept", arguments: Engine.durable)
  func otherSetting(_ engine: Engine) async throws {
    let first = try open(engine)
    for number in 0..<10 { try await put("\(number)", of: one, in: first) }
    #expect(try await first.applyRetention() == 0)
    await first.close()
    let second = try open(engine, keeping: Retention(versions: 2))
    #expect(try await second.applyRetention() == 8)
    await second.close()
    let third = try open(engine, keeping: nil)
    #expect(try await third.applyRetention() == 0)
    #expect(try third.current(one)?.token == Token("9"))
    await third.close()
  }

  @Test("works by itself behind the open store, and a log that cannot be written holds it up only", arguments: Engine.durable)
  func follows(_ engine: Engine) async throws {
    let store = try open(engine, keeping: Retention(versions: 3))
    let following = Task { await store.followLog() }
    for number in 0..<10 { try await put("\(number)", of: one, in: store) }
    try await eventually("old tokens are given up") { try await kept(one, in: store).count == 3 }
    following.cancel()
    await following.value
    await store.close()
  }
}
