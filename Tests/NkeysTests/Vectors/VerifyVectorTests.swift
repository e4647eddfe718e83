import TestSupport
import Testing

@testable import Nkeys

@Suite("Signatures checked with a public key's text")
struct VerifyVectorTests {
  @Test("are taken and refused as by the reference, but for the rules of strictness", arguments: NkeysVectors.cases("verify"))
  func verifyVector(_ vector: VectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  @Test("are taken by the lenient reading as by the reference, but for weak keys", arguments: NkeysVectors.cases("verify"))
  func lenientVerifyVector(_ vector: VectorCase) {
    #expect(Self.lenientDifferences(of: vector) == [])
  }

  /// Where the verdict differs from what a case expects.
  static func differences(of vector: VectorCase, withRules: Bool = true) -> [String] {
    Differences.found { differences in
      let text = vector["public"].string
      let message = try vector.bytes("message_hex")
      let signature = try vector.bytes("signature_hex")
      let ours = Outcome { () throws(NkeyError) in
        try PublicKey(text).validate(signature: signature, of: message)
        return [:]
      }
      if vector.expected["go_panics"].bool {
        differences.compare("a failure", ours.isAccepted || vector.expected["ok"].bool, with: false)
        return
      }
      let rule = withRules ? rule(for: text, signature) : nil
      differences.compare("verify", ours, with: Outcome(expected: vector.expected, facts: []), unless: rule)
    }
  }

  /// Where the lenient reading's verdict differs from what a case expects.
  static func lenientDifferences(of vector: VectorCase, withRules: Bool = true) -> [String] {
    Differences.found { differences in
      let text = vector["public"].string
      let message = try vector.bytes("message_hex")
      let signature = try vector.bytes("signature_hex")
      let isTaken = signature.withUnsafeBytes { signature in
        message.withUnsafeBytes { LenientKey(readable: text)?.verify(signature: signature, of: $0) ?? false }
      }
      let weakness = withRules ? ReferenceReading(Array(text.utf8))?.weakness ?? smallOrderNonce(signature) : nil
      differences.compare("verify leniently", isTaken, with: weakness == nil && vector.expected["ok"].bool)
    }
  }

  private static func rule(for text: String, _ signature: [UInt8]) -> StrictnessRule? {
    if let rule = StrictnessRule.publicKey(Array(text.utf8)) { return rule }
    if ReferenceReading(Array(text.utf8))?.role == .curve { return .curveKeyVerifies }
    return smallOrderNonce(signature)
  }

  private static func smallOrderNonce(_ signature: [UInt8]) -> StrictnessRule? {
    signature.count == 64 && StrictnessRule.weakness(of: Array(signature[..<32]), prefix: 0) == .smallOrder ? .smallOrderNonce : nil
  }
}
