import Claims
import ClaimsStore
import ClaimsTestSupport
import Testing

@Suite("A log in memory that keeps no history")
struct MemoryChangeLogTests {
  @Test("holds the newest token of every account, and knows those of the second it was issued in")
  func newest() throws {
    let log = MemoryChangeLog(keepsHistory: false)
    let account = try TestAuthority.account()
    let other = try TestAuthority.account()
    let changes = [
      change(account, "a"), change(other, "o"), change(account, "b"), change(account, "c", iat: TestTime.seconds + 1),
      change(account, "d", iat: TestTime.seconds + 1),
    ]
    for change in changes { _ = try log.transaction { try $0.append(change) } }
    #expect(try (1...5).map { try log.token(at: $0)?.text } == [nil, "o", nil, nil, "d"])
    #expect(try ["a", "b", "c", "d"].map { try log.knows(Token($0).digest, of: account) } == [false, false, true, true])
    #expect(try log.knows(Token("o").digest, of: other))
  }
}
