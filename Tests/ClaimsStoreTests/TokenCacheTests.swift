import Claims
import ClaimsStore
import ClaimsTestSupport
import Logging
import Testing

@Suite("Tokens in memory")
struct TokenCacheTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func open(_ tokenBytes: Int?) throws -> Store {
    var options = Store.Options(directory: folder.path)
    options.tokenBytes = tokenBytes
    return try Store(options, logger: Logger(label: "test"))
  }

  @Test("stay within their bound, and every account is answered all the same", arguments: [0, 64 * 100, nil])
  func bounded(_ tokenBytes: Int?) async throws {
    let accounts = try (0..<400).map { _ in try TestAuthority.account() }
    let tokens = accounts.map { Token(String(repeating: "x", count: 40) + $0.text) }
    let first = try open(tokenBytes)
    for (account, token) in zip(accounts, tokens) { _ = try await first.submit(put(change(account, token.text))) }
    await first.close()

    let store = try open(tokenBytes)
    #expect(store.index.tokenBytes == 0, "the start reads no tokens")
    await store.loadTokens()
    for _ in 0..<3 {
      for (account, token) in zip(accounts, tokens) { #expect(try store.current(account)?.token == token) }
      if let tokenBytes { #expect(store.index.tokenBytes <= tokenBytes) }
    }
    #expect(tokenBytes == 0 ? store.index.tokenBytes == 0 : store.index.tokenBytes > 0)
    #expect(store.index.count == 400)
    await store.close()
  }
}
