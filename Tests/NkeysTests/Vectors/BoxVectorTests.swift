import TestSupport
import Testing

@testable import Nkeys

@Suite("Sealed boxes")
struct BoxVectorTests {
  @Test("are sealed as by the reference with the same nonce", arguments: NkeysVectors.cases("seal"))
  func sealVector(_ vector: VectorCase) throws {
    let sender = vector["sender_seed_or_public"].string
    let recipient = vector["recipient_public"].string
    let nonce = try #require(vector["nonce_hex"].hexBytes, "\(vector.id): nonce")
    let plaintext = try #require(vector["plaintext_hex"].hexBytes, "\(vector.id): plaintext")
    expect(in: vector, owner: sender, other: recipient) { (pair, recipient) throws(NkeyError) in
      try pair.seal(plaintext, to: recipient, nonce: nonce)
    }
  }

  @Test("are opened as by the reference", arguments: NkeysVectors.cases("open"))
  func openVector(_ vector: VectorCase) throws {
    let recipient = vector["recipient_seed_or_public"].string
    let sender = vector["sender_public"].string
    let sealed = try #require(vector["sealed_hex"].hexBytes, "\(vector.id): box")
    expect(in: vector, owner: recipient, other: sender) { (pair, sender) throws(NkeyError) in
      try pair.open(sealed, from: sender)
    }
  }

  private func expect(
    in vector: VectorCase, owner: String, other: String, _ use: (KeyPair, String) throws(NkeyError) -> [UInt8]
  ) {
    func outcome(with other: String) -> Outcome {
      Outcome { () throws(NkeyError) in ["hex": hex(try use(secretHalf(of: owner), other))] }
    }
    let ours = outcome(with: other)
    if vector.expected["go_panics"].bool {
      #expect(!ours.isAccepted && !vector.expected["ok"].bool, "\(vector.id)")
      return
    }
    let reference = Outcome(expected: vector.expected, facts: ["hex"])
    expectSame(ours, reference, in: vector, "box", unless: rule(owner: owner, other: other))
    // Where only the key's text is against us, its canonical text gives what the reference gives.
    if case .accepted = reference, let canonical = ReferenceReading(Array(other.utf8))?.canonicalText, canonical != other {
      expectSame(outcome(with: canonical), reference, in: vector, "box with the key's canonical text")
    }
  }

  private func rule(owner: String, other: String) -> StrictnessRule? {
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
  private func secretHalf(of text: String) throws(NkeyError) -> KeyPair {
    guard text.hasPrefix("S") else {
      guard try LenientKey(text).role != nil else { throw .invalidPublicKey }
      throw .onlyCurveKeysSeal
    }
    return try KeyPair(seed: text)
  }
}
