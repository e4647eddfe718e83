import TestSupport
import Testing

@testable import Nkeys

@Suite("Sealed boxes")
struct BoxVectorTests {
  @Test("are sealed as by the reference with the same nonce", arguments: NkeysVectors.cases("seal"))
  func sealVector(_ vector: VectorCase) {
    #expect(Self.sealDifferences(of: vector) == [])
  }

  @Test("are opened as by the reference", arguments: NkeysVectors.cases("open"))
  func openVector(_ vector: VectorCase) {
    #expect(Self.openDifferences(of: vector) == [])
  }

  /// Where sealing differs from what a case expects.
  static func sealDifferences(of vector: VectorCase, withRules: Bool = true) -> [String] {
    Differences.found { differences in
      let nonce = try vector.bytes("nonce_hex")
      let plaintext = try vector.bytes("plaintext_hex")
      let keys = Keys(owner: vector["sender_seed_or_public"].string, other: vector["recipient_public"].string, withRules: withRules)
      compare(&differences, vector, keys) { (pair, recipient) throws(NkeyError) in try pair.seal(plaintext, to: recipient, nonce: nonce) }
    }
  }

  /// Where opening differs from what a case expects.
  static func openDifferences(of vector: VectorCase, withRules: Bool = true) -> [String] {
    Differences.found { differences in
      let sealed = try vector.bytes("sealed_hex")
      let keys = Keys(owner: vector["recipient_seed_or_public"].string, other: vector["sender_public"].string, withRules: withRules)
      compare(&differences, vector, keys) { (pair, sender) throws(NkeyError) in try pair.open(sealed, from: sender) }
    }
  }

  private static func compare(
    _ differences: inout Differences, _ vector: VectorCase, _ keys: Keys, _ use: (KeyPair, String) throws(NkeyError) -> [UInt8]
  ) {
    func outcome(with other: String) -> Outcome {
      Outcome { () throws(NkeyError) in ["hex": hex(try use(keys.secretHalf(), other))] }
    }
    let ours = outcome(with: keys.other)
    if vector.expected["go_panics"].bool {
      differences.compare("a failure", ours.isAccepted || vector.expected["ok"].bool, with: false)
      return
    }
    let reference = Outcome(expected: vector.expected, facts: ["hex"])
    differences.compare("box", ours, with: reference, unless: keys.rule)
    // Where only the key's text is against us, its canonical text gives what the reference gives.
    if case .accepted = reference, let canonical = ReferenceReading(Array(keys.other.utf8))?.canonicalText, canonical != keys.other {
      differences.compare("box with the key's canonical text", outcome(with: canonical), with: reference)
    }
  }
}

/// The texts of the owner's seed or public key and of the other side's public key.
private struct Keys {
  let owner: String
  let other: String
  let withRules: Bool

  var rule: StrictnessRule? {
    guard withRules else { return nil }
    guard owner.hasPrefix("S") else {
      return ReferenceReading(Array(owner.utf8))?.role == .curve ? .publicOnly : nil
    }
    if let rule = StrictnessRule.seed(Array(owner.utf8)) { return rule }
    guard ReferenceReading(Array(owner.utf8))?.roleOfSeed == .curve, let reading = ReferenceReading(Array(other.utf8)),
      reading.role == .curve, reading.bytes.count == 33
    else { return nil }
    return StrictnessRule.publicKey(Array(other.utf8)) ?? (reading.isSmallOrderOnCurve25519 ? .smallOrderBox : nil)
  }

  /// The pair of a seed. A public key has none, and the compiler would not let it seal or open, so the refusal is made here.
  func secretHalf() throws(NkeyError) -> KeyPair {
    guard owner.hasPrefix("S") else {
      guard try LenientKey(owner).role != nil else { throw .invalidPublicKey }
      throw .onlyCurveKeysSeal
    }
    return try KeyPair(seed: owner)
  }
}
