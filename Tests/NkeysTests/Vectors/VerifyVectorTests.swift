import TestSupport
import Testing

@testable import Nkeys

@Suite("Signatures checked with a public key's text")
struct VerifyVectorTests {
  @Test("are taken and refused as by the reference, but for the rules of strictness", arguments: NkeysVectors.cases("verify"))
  func verifyVector(_ vector: VectorCase) throws {
    let text = vector["public"].string
    let message = try #require(vector["message_hex"].hexBytes, "\(vector.id): message")
    let signature = try #require(vector["signature_hex"].hexBytes, "\(vector.id): signature")
    let ours = Outcome { () throws(NkeyError) in
      try PublicKey(text).validate(signature: signature, of: message)
      return [:]
    }
    if vector.expected["go_panics"].bool {
      #expect(!ours.isAccepted && !vector.expected["ok"].bool, "\(vector.id)")
      return
    }
    let reference = Outcome(expected: vector.expected, facts: [])
    expectSame(ours, reference, in: vector, "verify", unless: rule(for: text, signature))
  }

  @Test("are taken by the lenient reading as by the reference, but for weak keys", arguments: NkeysVectors.cases("verify"))
  func lenientVerifyVector(_ vector: VectorCase) throws {
    let text = vector["public"].string
    let message = try #require(vector["message_hex"].hexBytes, "\(vector.id): message")
    let signature = try #require(vector["signature_hex"].hexBytes, "\(vector.id): signature")
    let isTaken = signature.withUnsafeBytes { signature in
      message.withUnsafeBytes { LenientKey(readable: text)?.verify(signature: signature, of: $0) ?? false }
    }
    let weakness = ReferenceReading(Array(text.utf8))?.weakness ?? smallOrderNonce(signature)
    #expect(isTaken == (weakness == nil && vector.expected["ok"].bool), "\(vector.id)")
  }

  private func rule(for text: String, _ signature: [UInt8]) -> StrictnessRule? {
    if let rule = StrictnessRule.publicKey(Array(text.utf8)) { return rule }
    if ReferenceReading(Array(text.utf8))?.role == .curve { return .curveKeyVerifies }
    return smallOrderNonce(signature)
  }

  private func smallOrderNonce(_ signature: [UInt8]) -> StrictnessRule? {
    signature.count == 64 && StrictnessRule.weakness(of: Array(signature[..<32]), prefix: 0) == .smallOrder ? .smallOrderNonce : nil
  }
}
