import Claims
import ClaimsRegistry
import Testing

@testable import ClaimsNATS

@Suite("Claims that somebody sent to the servers")
struct SentClaimsTests {
  private let stored = TokenVersion(iat: 10, generation: 1, digest: Token("stored").digest, isDeleted: false)
  private let tombstone = TokenVersion(iat: 10, generation: 1, digest: Token("claim").digest, isDeleted: true)

  @Test("that were refused are answered with ours, where there are ours")
  func refused() {
    for code in [Refusal.Code.older, .untrustedIssuer, .badToken, .deleted] {
      #expect(SentClaims(refused: code, own: stored, iat: 5) == .foreign)
      #expect(SentClaims(refused: code, own: tombstone, iat: nil) == .foreign)
      #expect(SentClaims(refused: code, own: nil, iat: 5) == .harmless)
    }
    #expect(SentClaims(refused: .superseded, own: stored, iat: 10) == .replaced)
  }

  @Test("are not judged by the store's own troubles", arguments: [Refusal.Code.unavailable, .diskFull, .pending])
  func troubles(_ code: Refusal.Code) {
    #expect(SentClaims(refused: code, own: stored, iat: 5) == .harmless)
  }

  @Test("are foreign to a server that only reads when they are older or cannot be read; the others come to it as files")
  func readOnly() {
    #expect(SentClaims(refused: .readOnly, own: stored, iat: 9) == .foreign)
    #expect(SentClaims(refused: .readOnly, own: stored, iat: nil) == .foreign)
    #expect(SentClaims(refused: .readOnly, own: stored, iat: 10) == .harmless)
    #expect(SentClaims(refused: .readOnly, own: nil, iat: 9) == .harmless)
  }

  @Test("close an account that is not deleted: only where servers listen, and only if it is one of ours")
  func closing() {
    #expect(SentClaims(closing: stored, isOnAccountSubject: true) == .closing)
    #expect(SentClaims(closing: stored, isOnAccountSubject: false) == .harmless)
    #expect(SentClaims(closing: tombstone, isOnAccountSubject: true) == .harmless)
    #expect(SentClaims(closing: nil, isOnAccountSubject: true) == .harmless)
  }

  @Test("are older, or those stored, beside an account that is there")
  func order() {
    #expect(SentClaims.areOlder(than: stored, iat: 9))
    #expect(!SentClaims.areOlder(than: stored, iat: 10))
    #expect(!SentClaims.areOlder(than: tombstone, iat: 9))
    #expect(!SentClaims.areOlder(than: nil, iat: 9))
    #expect(SentClaims.areStored(stored, digest: stored.digest))
    #expect(!SentClaims.areStored(stored, digest: tombstone.digest))
    #expect(!SentClaims.areStored(tombstone, digest: tombstone.digest))
  }

  @Test("that a server holds and that are refused are older or foreign, and nothing when the store is in trouble")
  func held() {
    #expect(HeldClaims.kind(refused: .older) == .older)
    #expect(HeldClaims.kind(refused: .superseded) == .older)
    #expect(HeldClaims.kind(refused: .untrustedIssuer) == .foreign)
    #expect(HeldClaims.kind(refused: .diskFull) == nil)
  }
}
