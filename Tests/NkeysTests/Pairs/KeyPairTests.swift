import Testing

@testable import Nkeys

@Suite("Key pairs")
struct KeyPairTests {
  static let seed = "SUAKX3NBGDS5GUEOA2KRUXAASLOUALJNHHNLOAFOQADMLAMDRLD4BM2FRE"
  static let publicKey = "UCA7H4YQWSZUQT4AX7ZZ3OLYVDQLLJH4G45ILK3E6IS7Q4BMQU3O6IZG"

  @Test("are made anew each time, and again from their seed", arguments: Role.allCases)
  func generate(role: Role) throws {
    let pair = try KeyPair.generate(role)
    let seed = try pair.seedText()
    #expect(pair.role == role)
    #expect(seed.count == KeyPair.seedTextCount)
    #expect(seed.revealed.prefix(2) == "S\(role.letter)")
    #expect(try KeyPair(seed: seed.revealed).publicKey == pair.publicKey)
    #expect(try seed.withUnsafeBytes { try KeyPair(seedUTF8: $0) }.publicKey == pair.publicKey)
    #expect(try KeyPair.generate(role).publicKey != pair.publicKey)
  }

  @Test("need 32 bytes of raw seed", arguments: [0, 16, 31, 33, 64])
  func rawSeedLength(count: Int) {
    #expect(throws: NkeyError.invalidSeedLength) { try KeyPair(role: .user, rawSeed: [UInt8](repeating: 1, count: count)) }
    #expect(throws: NkeyError.invalidSeedLength) { try KeyPair(role: .curve, rawSeed: [UInt8](repeating: 1, count: count)) }
  }

  @Test(
    "are not made from a seed's text that is not the canonical one",
    arguments: [
      (seed + "\n", "it holds a line break"),
      ("SUAFAICG7RFSLV5VIOQUK2IPXZM3P66QN5SY4WIZGELJWV5LX75V6LF3OR", "unused bits are set"),
      ("SUCY4CA2HR2ZN26ILRBZ4E37ZOGWFARUTTVZCSYZLRZBURIVRXOMLHGC2E", "unused bits are set"),
      ("SAAOWGA", "it holds 0 bytes instead of 32"),
      ("SUALUOZMVZHHGXHT52R7BC44FSHLZI7LEQQGPPOATLDMIDCCC7ZXTQTOUWEQ", "it holds 33 bytes instead of 32"),
    ])
  func aliasOfSeed(text: String, reason: String) {
    #expect { try KeyPair(seed: text) } throws: {
      ($0 as? NkeyError)?.message == "nkeys: not the canonical text of a key: \(reason)"
    }
  }

  @Test("of curve keys are made from curve seeds only")
  func curveSeed() throws {
    let pair = try KeyPair.generate(.curve)
    #expect(try KeyPair(curveSeed: pair.seedText().revealed).publicKey == pair.publicKey)
    #expect(throws: NkeyError.invalidCurveSeed) { try KeyPair(curveSeed: Self.seed) }
    #expect(throws: NkeyError.invalidSeed) { try KeyPair(curveSeed: Self.publicKey) }
  }

  @Test("show their public key and never the seed, however they are printed")
  func printing() throws {
    let pair = try KeyPair(seed: Self.seed)
    var dumped = ""
    dump(pair, to: &dumped)
    dump([pair.publicKey.text: pair], to: &dumped)
    let shown = ["\(pair)", String(describing: pair), String(reflecting: pair), String(describing: Optional(pair)), dumped]
    for text in shown {
      #expect(text.contains(Self.publicKey))
      #expect(!text.contains("SUAKX3N"))
    }
    #expect(Mirror(reflecting: pair).children.map(\.label) == ["publicKey"])
  }

  @Test("give secret texts that show nothing")
  func secretTexts() throws {
    let pair = try KeyPair(seed: Self.seed)
    for secret in [try pair.seedText(), try pair.privateText()] {
      var dumped = ""
      dump(secret, to: &dumped)
      for text in ["\(secret)", String(reflecting: secret), dumped] {
        #expect(text.contains("(secret text)"))
        #expect(!text.contains(secret.revealed.prefix(6)))
      }
      #expect(Mirror(reflecting: secret).children.isEmpty)
    }
  }

  @Test("are refused with errors that are equal by code and say nothing secret")
  func errors() {
    #expect(NkeyError.illegalBase32(at: 1) == NkeyError.illegalBase32(at: 2))
    #expect(NkeyError.invalidSeed != NkeyError.invalidPublicKey)
    #expect(Set([NkeyError.invalidSeed, .invalidSeed, .smallOrder, .nonCanonicalPoint]).count == 2)
    let broken = Self.seed.replacing("A2KR", with: "A2KA")
    #expect { try KeyPair(seed: broken) } throws: { "\($0)" == "nkeys: invalid checksum" }
  }

  @Test("wipe the scratch memory they worked in")
  func wiping() {
    var memory = [UInt8](repeating: 0xAA, count: 64)
    memory.withUnsafeMutableBytes(wipe)
    #expect(memory.allSatisfy { $0 == 0 })
  }
}
