import Claims
import Nkeys
import Testing

@Suite("The hash of an activation")
struct ActivationHashTests {
  private let plain = "B2SNIDCQPLHS7OYI2B7HDZNYPMBO2DCXPDKTVCFBRGWCPMQEPZFQ"

  @Test("is the same with its padding and without")
  func padding() throws {
    let hash = try #require(ActivationHash(plain))
    #expect(ActivationHash(plain + "====") == hash)
    #expect(hash.text == plain)
    #expect(hash.description == plain + "====")
  }

  @Test(
    "is no other text",
    arguments: [
      "", "====", "SOMEHASH", "b2snidcqplhs7oyi2b7hdznypmbo2dcxpdktvcfbrgwcpmqepzfq",
      "B2SNIDCQPLHS7OYI2B7HDZNYPMBO2DCXPDKTVCFBRGWCPMQEPZFQ=",
      "B2SNIDCQPLHS7OYI2B7HDZNYPMBO2DCXPDKTVCFBRGWCPMQEPZFQ========", "B2SNIDCQPLHS7OYI2B7HDZNYPMBO2DCXPDKTVCFBRGWCPMQEPZFB",
      "12SNIDCQPLHS7OYI2B7HDZNYPMBO2DCXPDKTVCFBRGWCPMQEPZFQ", "B2SNIDCQPLHS7OYI2B7HDZNYPMBO2DCXPDKTVCFBRGWCPMQEPZFQA",
    ])
  func malformed(_ text: String) {
    #expect(ActivationHash(text) == nil)
  }

  @Test("of claims is the reference's text")
  func ofClaims() throws {
    var claims = ActivationClaims(subject: "B")
    claims.common.iss = "A"
    claims.subject = "private.>"
    #expect(try claims.activationHash().padded == claims.hashID())
    #expect(try ActivationHash(claims.hashID()) == claims.activationHash())
  }
}
