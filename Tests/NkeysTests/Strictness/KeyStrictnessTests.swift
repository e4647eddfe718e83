import Testing

@testable import Nkeys

/// Each test is named by its rule in `docs/strictness.md`. The reference takes what stands here: the lenient reading shows it where there is one.
@Suite("what is refused of keys although the reference takes it")
struct KeyStrictnessTests {
  private let key = PublicKeyTests.text

  @Test("payload-length: a key of one byte")
  func payloadLength() {
    expectRefusal(of: "ABLREKQ", .notCanonical)
  }

  @Test("line-break: inside, in front of and behind a key", arguments: ["\n", "\r\n", "\r"])
  func lineBreak(_ lineEnd: String) {
    for text in [key + lineEnd, lineEnd + key, key.prefix(20) + lineEnd + key.dropFirst(20)] { expectRefusal(of: text, .notCanonical) }
  }

  @Test("surplus-characters: a last group that holds no byte")
  func surplusCharacters() {
    for more in ["A", "AAA", "7"] { expectRefusal(of: key + more, .notCanonical) }
  }

  @Test("trailing-bits: set in the last character of a seed")
  func trailingBits() throws {
    let seed = KeyPairTests.seed
    #expect(seed.last == "E")
    for last in ["F", "G", "H"] { expectSeedRefusal(of: seed.dropLast() + last) }
  }

  @Test("prefix-bits: the three low bits of the prefix byte")
  func prefixBits() throws {
    let alias = try text(prefix: [1], PublicKey(key).raw)
    #expect(LenientKey.isValid(alias, as: .account))
    #expect(throws: NkeyError.invalidPublicKey) { try PublicKey(alias) }
  }

  @Test("seed-spare-bits: those behind the role", arguments: 1...7)
  func seedSpareBits(_ bits: Int) throws {
    let prefix = KeyText.seedPrefix(for: .user)
    let raw = try #require(RawKey([UInt8](repeating: 7, count: 32)))
    #expect(throws: Never.self) { try KeyPair(seed: text(prefix: prefix, raw)) }
    expectSeedRefusal(of: try text(prefix: [prefix[0], prefix[1] | UInt8(bits)], raw))
  }

  @Test("small-order: a key for which anybody can sign", arguments: PublicKeyTests.smallOrderEncodings)
  func smallOrder(_ encoding: String) throws {
    expectRefusal(of: try text(prefix: [Role.account.prefixByte], rawKey(encoding)), .weakKey)
  }

  @Test("non-canonical-point: a coordinate that is not reduced")
  func nonCanonicalPoint() throws {
    for low in 0xED...0xFF as ClosedRange<UInt8> {
      let raw = try #require(RawKey([low] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]))
      expectRefusal(of: try text(prefix: [Role.account.prefixByte], raw), .weakKey)
    }
  }

  @Test("small-order-nonce: a signature whose R is of small order, which Go takes")
  func smallOrderNonce() throws {
    let edge = try #require(SignatureEdgeCase.all.first { $0.description == "key of mixed order, R of small order" })
    let key = try PublicKey(role: .account, raw: rawKey(edge.key))
    #expect(edge.goVerifies)
    #expect(try !key.verify(signature: #require(bytes(edge.signature)), of: #require(bytes(edge.message))))
  }

  @Test("small-order-box: a recipient with whom there is no secret")
  func smallOrderBox() throws {
    let weak = try PublicKey(role: .curve, raw: rawKey(String(repeating: "0", count: 64)))
    #expect(throws: NkeyError.invalidRecipient) { try KeyPair.generate(.curve).seal([1], to: weak) }
  }

  @Test("curve-key-verifies: not even where its bytes are an Ed25519 key")
  func curveKeyVerifies() throws {
    let pair = try KeyPair.generate(.account)
    let signature = try pair.sign([1])
    let curve = try PublicKey(role: .curve, raw: pair.publicKey.raw)
    let reading = try #require(LenientKey(readable: curve.text))
    #expect(signature.withUnsafeBytes { signature in ([1] as [UInt8]).withUnsafeBytes { reading.verify(signature: signature, of: $0) } })
    #expect(throws: NkeyError.curveKeyCannotSign) { try curve.validate(signature: signature, of: [1]) }
  }

  @Test("later-role: modules and services are roles here", arguments: [Role.module, .service])
  func laterRole(_ role: Role) throws {
    let key = try KeyPair.generate(role).publicKey
    #expect(try PublicKey(key.text) == key)
    #expect(LenientKey.role(of: key.text) == nil)
  }

  @Test("carriage-return: belongs to the line end of a bare seed")
  func carriageReturn() throws {
    let pair = try DecoratedText.keyPair(in: KeyPairTests.seed + "\r\n")
    #expect(pair.publicKey.text == KeyPairTests.publicKey)
    #expect(try DecoratedText.seed(in: KeyPairTests.seed + "\r\n").revealed == KeyPairTests.seed)
  }

  @Test("public-only: sealing and opening are a key pair's, and a public key makes none")
  func publicOnly() throws {
    let pair = try KeyPair.generate(.curve)
    #expect(throws: NkeyError.self) { try KeyPair(seed: pair.publicKey.text) }
  }

  private func expectRefusal(of text: some StringProtocol, _ code: NkeyError.Code, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(LenientKey.isValidPublicKey(text), sourceLocation: sourceLocation)
    let error = #expect(throws: NkeyError.self, sourceLocation: sourceLocation) { try PublicKey(text) }
    #expect(error?.code == code, sourceLocation: sourceLocation)
  }

  private func expectSeedRefusal(of text: some StringProtocol, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(LenientKey(readable: text)?.has(.seed) == true, sourceLocation: sourceLocation)
    #expect(throws: NkeyError.self, sourceLocation: sourceLocation) { try KeyPair(seed: text) }
  }

  private func text(prefix: [UInt8], _ raw: RawKey) throws -> String {
    let made = raw.withUnsafeBytes { raw in
      Result { () throws(NkeyError) in try KeyText.withEncoded(prefix: prefix, payload: raw) { String(decoding: $0, as: UTF8.self) } }
    }
    return try made.get()
  }
}
