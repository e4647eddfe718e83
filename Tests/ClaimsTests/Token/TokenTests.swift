import Nkeys
import Testing

@testable import Claims

@Suite("tokens, digests and account keys")
struct TokenTests {
  @Test("a digest keeps its bytes, order and text")
  func digest() throws {
    let empty = Token("").digest
    #expect(empty.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(TokenDigest(empty.bytes) == empty)
    #expect(TokenDigest([1, 2, 3]) == nil)
    let low = try #require(TokenDigest([UInt8](repeating: 1, count: 32)))
    #expect(low < empty && !(empty < low))
    #expect(empty ^ empty == .zero)
  }

  @Test("an account key is canonical and an account's")
  func accountKey() throws {
    let key = try KeyPair.generate(.account).publicKey
    #expect(try AccountKey(key.text).text == key.text)
    #expect(try Array(key.text.utf8).withUnsafeBytes { try AccountKey(utf8: $0) }.raw == key.raw)
    let user = try KeyPair.generate(.user).publicKey
    for text in [user.text, key.text.lowercased(), key.text + "\n", "", "A"] {
      #expect(throws: ClaimsError(.key, "")) { try AccountKey(text) }
    }
  }

  @Test("base64 goes there and back for every length")
  func base64() throws {
    var generator = SeededGenerator(2)
    for count in 0..<70 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let text = Base64URL.encode(bytes)
      let (decoded, quirks) = try text.withUnsafeBufferPointer { try Base64URL.decode($0) }
      #expect(decoded == bytes && quirks.isEmpty)
    }
  }

  @Test("SHA-512/256 gives the standard's answer")
  func hash() {
    // FIPS 180-4, examples for SHA-512/256: "abc".
    let hex = SHA512t256.hash(Array("abc".utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    #expect(hex == "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")
  }

  @Test("a token that is changed anywhere is refused or still the same claims")
  func tampering() throws {
    var generator = SeededGenerator(3)
    let key = try KeyPair.generate(.account)
    let user = try KeyPair.generate(.user)
    let token = try UserClaims(subject: KeyReference(user.publicKey)).signed(by: key, at: 1_750_000_000)
    let claims = try VerifiedClaims.decode(token).claims
    for index in token.bytes.indices {
      var bytes = token.bytes
      bytes[index] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
      guard let changed = try? VerifiedClaims.decode(Token(bytes)) else { continue }
      #expect(changed.claims == claims)
      #expect(!changed.strictness.isEmpty)
    }
  }
}
