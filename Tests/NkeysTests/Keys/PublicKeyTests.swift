import Testing

@testable import Nkeys

@Suite("Public keys")
struct PublicKeyTests {
  static let text = "ADYMXMK23QASMHRJPEAR7Y3KPMCB7RHRP5AXJGUM5GT5NULM6QR6DJHF"

  @Test("have one text, by which they are read again", arguments: Role.allCases)
  func roundTrip(role: Role) throws {
    let key = try KeyPair.generate(role).publicKey
    let text = key.text
    #expect(text.utf8.count == PublicKey.textCount)
    #expect(text.first == role.letter)
    #expect(key.description == text)
    #expect(try PublicKey(text) == key)
    #expect(try PublicKey("x\(text)y".dropFirst().dropLast()) == key)
    #expect(try PublicKey(role: key.role, raw: key.raw) == key)
  }

  @Test("are refused under each of the seven other texts that typed checks take for the same key", arguments: 1...7)
  func prefixAlias(bits: Int) throws {
    let key = try PublicKey(Self.text)
    let alias = key.raw.withUnsafeBytes { raw in
      Result { () throws(NkeyError) in
        try KeyText.withEncoded(prefix: [UInt8(bits)], payload: raw) { String(decoding: $0, as: UTF8.self) }
      }
    }
    let text = try alias.get()
    #expect(LenientKey.isValid(text, as: .account))
    #expect(throws: NkeyError.invalidPublicKey) { try PublicKey(text) }
  }

  @Test("are refused with the reason", arguments: refusals)
  func refusal(text: String, reason: String) {
    #expect { try PublicKey(text) } throws: { ($0 as? NkeyError)?.message == reason }
  }

  @Test("of small order are refused in all fourteen encodings, except as curve keys", arguments: smallOrderEncodings)
  func smallOrder(encoding: String) throws {
    let raw = try rawKey(encoding)
    let error = #expect(throws: NkeyError.self) { try PublicKey(role: .operator, raw: raw) }
    #expect(error?.code == .weakKey)
    let text = PublicKey(trusted: raw, role: .operator).text
    #expect(throws: NkeyError.smallOrder) { try PublicKey(text) }
    #expect(throws: Never.self) { try PublicKey(role: .curve, raw: raw) }
  }

  @Test("are refused with every coordinate from p - 1 upwards", arguments: [0x7F, 0xFF] as [UInt8])
  func unreducedCoordinate(top: UInt8) throws {
    func key(lowByte: UInt8) throws -> PublicKey {
      try PublicKey(role: .user, raw: #require(RawKey([lowByte] + [UInt8](repeating: 0xFF, count: 30) + [top])))
    }
    #expect(throws: Never.self) { try key(lowByte: 0xEB) }
    for lowByte in 0xEC...0xFF as ClosedRange<UInt8> {
      #expect(throws: NkeyError.smallOrder) { try key(lowByte: lowByte) }
    }
  }

  @Test("are ordered by role and bytes, the first byte weighing most")
  func order() throws {
    let low = try PublicKey(role: .account, raw: #require(RawKey([1] + [UInt8](repeating: 9, count: 31))))
    let high = try PublicKey(role: .account, raw: #require(RawKey([2] + [UInt8](repeating: 0, count: 31))))
    let user = try PublicKey(role: .user, raw: low.raw)
    #expect(low < high)
    #expect(!(high < low))
    #expect(high < user)
    #expect([user, high, low].sorted() == [low, high, user])
    #expect(Set([low, high, user, low]).count == 3)
    #expect(low != user)
  }

  static let refusals: [(text: String, reason: String)] = [
    ("", "nkeys: invalid encoded key"),
    ("AAAA", "nkeys: invalid encoded key"),
    (text.lowercased(), "illegal base32 data at input byte 0"),
    (text + "=", "illegal base32 data at input byte 56"),
    (text + "\0", "illegal base32 data at input byte 56"),
    ("../" + text, "illegal base32 data at input byte 0"),
    ("%41" + text.dropFirst(), "illegal base32 data at input byte 0"),
    (" " + text, "illegal base32 data at input byte 0"),
    ("N" + text.dropFirst(), "nkeys: invalid checksum"),
    (text + "\n", "nkeys: not the canonical text of a key: it holds a line break"),
    ("\r\n" + text, "nkeys: not the canonical text of a key: it holds a line break"),
    (text + "A", "nkeys: not the canonical text of a key: it has surplus characters"),
    ("ABLREKQ", "nkeys: not the canonical text of a key: it holds 1 bytes instead of 32"),
    ("SUAKX3NBGDS5GUEOA2KRUXAASLOUALJNHHNLOAFOQADMLAMDRLD4BM2FRE", "nkeys: invalid public key"),
    ("ZAGFVISHOYI3ADADTJCLDQZXXX4VE5L6VKLMCJLJOP6OGKEL3SUCKIKN", "nkeys: invalid public key"),
  ]

  static let smallOrderEncodings = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ]
}
