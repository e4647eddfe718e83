import Claims
import ClaimsTestSupport
import Testing

@testable import ClaimsRegistry
@testable import ClaimsStore

@Suite("Freshness")
struct FreshnessTests {
  private let account: AccountKey
  private let second = TestTime.seconds

  init() throws { account = try TestAuthority.account() }

  private func entry(_ text: String, iat: Int64, generation: Int64 = 0, deleted: Bool = false) -> AccountEntry {
    let token = Token(text)
    return AccountIndex().entry(
      ChangeRecord(
        sequence: 1,
        change: Change(
          time: 0, kind: deleted ? .delete : .put, subject: account, token: token, digest: token.digest, jti: "", iat: iat,
          generation: generation, expires: 0, issuer: "", actor: ""), chain: []))
  }

  private func judge(
    _ text: String, iat: Int64, after current: AccountEntry?, wasStored: Bool = false, removedAt: Int64? = nil
  ) -> Freshness.Judgement {
    Freshness(iat: iat, digest: Token(text).digest).judge(
      after: current, wasStored: { wasStored },
      removed: { removedAt.map { Freshness.Removed(iat: $0, digest: Token("removed").digest) } })
  }

  @Test("no tolerance of the clock is too large to be reckoned with")
  func tolerance() {
    let policy = AdmissionPolicy(clockTolerance: .max)
    #expect(policy.latest(at: second) == .max)
    #expect(!policy.isAhead(.max, at: second))
  }

  @Test("a first token is stored")
  func first() {
    #expect(judge("a", iat: 1, after: nil) == .store(generation: 0))
  }

  @Test("a token of a later second is stored, in generation 0")
  func newer() {
    #expect(judge("b", iat: second + 1, after: entry("a", iat: second, generation: 4)) == .store(generation: 0))
  }

  @Test("the same bytes change nothing")
  func same() {
    #expect(judge("a", iat: second, after: entry("a", iat: second)) == .unchanged)
  }

  @Test("an older token is refused")
  func older() {
    #expect(judge("b", iat: second - 1, after: entry("a", iat: second)) == .older)
  }

  @Test("another token of the same second takes the next generation")
  func sameSecond() {
    #expect(judge("b", iat: second, after: entry("a", iat: second, generation: 2)) == .store(generation: 3))
  }

  @Test("a token of the same second that was stored before is refused")
  func superseded() {
    #expect(judge("a", iat: second, after: entry("b", iat: second, generation: 1), wasStored: true) == .superseded)
  }

  @Test("a deleted account comes back with a newer token only")
  func deleted() {
    let tombstone = entry("claim", iat: second, deleted: true)
    #expect(judge("b", iat: second + 1, after: tombstone) == .store(generation: 0))
    #expect(judge("a", iat: second - 5, after: tombstone, wasStored: true, removedAt: second - 5) == .deleted)
    #expect(judge("b", iat: second - 1, after: tombstone, removedAt: second - 5) == .deleted)
    // Signed in the second of the deletion: newer than what was deleted, unless that is of this second too.
    #expect(judge("b", iat: second, after: tombstone, removedAt: second - 5) == .store(generation: 1))
    #expect(judge("b", iat: second, after: tombstone, removedAt: second) == .deleted)
    #expect(judge("a", iat: second, after: tombstone, wasStored: true, removedAt: second - 5) == .deleted)
  }

  @Test("the very token that a deletion removed is told apart, so that the refusal can name undelete")
  func removed() throws {
    let tombstone = entry("claim", iat: second, deleted: true)
    #expect(judge("removed", iat: second - 5, after: tombstone, wasStored: true, removedAt: second - 5) == .removed)
    let freshness = Freshness(iat: second - 5, digest: Token("removed").digest)
    let refusal = try #require(freshness.refusal(.removed, of: account, after: tombstone, latest: second + 300))
    #expect(refusal.code == .deleted)
    #expect(refusal.message.contains("nats-claims undelete \(account)"))
  }

  @Test("a refusal names both times and the way out")
  func names() throws {
    let current = entry("a", iat: second)
    let freshness = Freshness(iat: second - 10, digest: Token("b").digest)
    let refusal = try #require(freshness.refusal(.older, of: account, after: current, latest: second + 300))
    #expect(refusal.code == .older)
    for text in [
      "\(second)", "\(second - 10)", "2026-11-18 11:06:30 UTC", "2026-11-18 11:06:40 UTC", "sign the claims again", account.text,
    ] {
      #expect(refusal.message.contains(text), "\(text)")
    }
    #expect(freshness.refusal(.superseded, of: account, after: current, latest: second + 300)?.code == .superseded)
    #expect(freshness.refusal(.deleted, of: account, after: current, latest: second + 300)?.code == .deleted)
    #expect(freshness.refusal(.unchanged, of: account, after: current, latest: second + 300) == nil)
    #expect(freshness.refusal(.store(generation: 1), of: account, after: current, latest: second + 300) == nil)
  }
}
