import Testing

@testable import Nkeys

@Suite("The lenient reading of keys")
struct LenientKeyTests {
  private let text = PublicKeyTests.text

  @Test("takes other texts for a key that the doors refuse")
  func aliases() throws {
    let key = try PublicKey(text)
    for alias in [text, text + "\n", "\r\n" + text, text + "A", String(text.prefix(9)) + "\n" + text.dropFirst(9)] {
      #expect(LenientKey.isValid(alias, as: .account))
      #expect(LenientKey.isValidPublicKey(alias))
      #expect(LenientKey.role(of: alias) == .account)
      #expect(LenientKey(readable: alias)?.raw == key.raw)
    }
    #expect(!LenientKey.isValid(text, as: .user))
    #expect(!LenientKey.isValid("", as: .account))
  }

  @Test("knows no module and no service keys", arguments: [Role.module, .service])
  func laterRoles(role: Role) throws {
    let text = try KeyPair.generate(role).publicKey.text
    #expect(!LenientKey.isValid(text, as: role))
    #expect(!LenientKey.isValidPublicKey(text))
    #expect(LenientKey(readable: text)?.raw == nil)
    #expect(try LenientKey(text).prefix == .unknown)
  }

  @Test("checks signatures under any text of the key")
  func verify() throws {
    let pair = try KeyPair.generate(.operator)
    let message = Array("message".utf8)
    let signature = try pair.sign(message)
    for (text, isRight) in [(pair.publicKey.text + "\n", true), (text, false), ("", false)] {
      let isTaken = signature.withUnsafeBytes { signature in
        message.withUnsafeBytes { LenientKey(readable: text)?.verify(signature: signature, of: $0) ?? false }
      }
      #expect(isTaken == isRight)
    }
  }

  @Test("keeps no bytes of a seed")
  func seeds() throws {
    let reading = try LenientKey(KeyPairTests.seed)
    #expect(reading.prefix == .seed)
    #expect(reading.raw == nil && reading.role == nil)
    #expect(throws: NkeyError.invalidPrefixByte) { try reading.require(.role(.user)) }
    #expect(throws: Never.self) { try reading.require(.seed) }
  }
}
