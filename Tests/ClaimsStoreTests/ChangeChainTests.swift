import Claims
import ClaimsStore
import ClaimsTestSupport
import Testing

@Suite("The hash chain")
struct ChangeChainTests {
  @Test("changes with every field of a record")
  func coversEveryField() throws {
    let (one, two) = (try TestAuthority.account(), try TestAuthority.account())
    let base = change(one, "a")
    func variant(
      time: Int64? = nil, kind: ChangeKind? = nil, subject: AccountKey? = nil, digest: TokenDigest? = nil, jti: String? = nil,
      iat: Int64? = nil, generation: Int64? = nil, expires: Int64? = nil, issuer: String? = nil, actor: String? = nil
    ) -> Change {
      Change(
        time: time ?? base.time, kind: kind ?? base.kind, subject: subject ?? base.subject, token: base.token,
        digest: digest ?? base.digest,
        jti: jti ?? base.jti, iat: iat ?? base.iat, generation: generation ?? base.generation, expires: expires ?? base.expires,
        issuer: issuer ?? base.issuer, actor: actor ?? base.actor)
    }
    let changes = [
      base, variant(time: 1), variant(kind: .adopt), variant(subject: two), variant(digest: Token("b").digest), variant(jti: "x"),
      variant(iat: 1), variant(generation: 1), variant(expires: 1), variant(issuer: "x"), variant(actor: "x"),
      // Text that moves from one field to the next is another record.
      variant(jti: base.jti + "i", issuer: "ssuer"),
    ]
    var links = changes.map { ChangeChain.link(after: ChangeChain.origin, sequence: 1, change: $0) }
    links.append(ChangeChain.link(after: ChangeChain.origin, sequence: 2, change: base))
    links.append(ChangeChain.link(after: links[0], sequence: 1, change: base))
    #expect(Set(links).count == changes.count + 2)
    #expect(links.allSatisfy { $0.count == 32 })
  }
}
