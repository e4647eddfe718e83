import Claims
import Nkeys
import Testing

@Suite("Packed tokens")
struct PackedTokenTests {
  @Test("give back the same bytes, whatever they are, and are smaller for what tools write")
  func roundTrips() throws {
    let signer = try KeyPair.generate(.operator)
    var claims = AccountClaims(subject: try KeyReference(KeyPair.generate(.account).publicKey))
    for name in ["a", "ab", "abc", "abcd"] {
      claims.common.name = name
      let token = try claims.signed(by: signer, at: 1)
      #expect(PackedToken(token).token == token)
      #expect(PackedToken(token).size < token.bytes.count * 4 / 5)
    }
  }

  @Test("keep what is no usual token as it is: empty, cut anywhere, with bytes changed or added")
  func odd() throws {
    let signer = try KeyPair.generate(.operator)
    let token = try AccountClaims(subject: try KeyReference(KeyPair.generate(.account).publicKey)).signed(by: signer, at: 1)
    for count in 0...token.bytes.count {
      let cut = Token(Array(token.bytes.prefix(count)))
      #expect(PackedToken(cut).token == cut)
      var changed = token.bytes
      if count < changed.count { changed[count] = UInt8(ascii: "\n") }
      #expect(PackedToken(Token(changed)).token == Token(changed))
    }
    for ending in ["=", ".", "A", "\n"] {
      let longer = Token(token.text + ending)
      #expect(PackedToken(longer).token == longer)
    }
  }
}
