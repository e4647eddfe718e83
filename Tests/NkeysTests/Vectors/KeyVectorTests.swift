import TestSupport
import Testing

@testable import Nkeys

@Suite("Key pairs made from raw seeds")
struct KeyVectorTests {
  @Test("have the reference's texts, raw keys and signatures", arguments: NkeysVectors.cases("keys"))
  func keyVector(_ vector: VectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  /// Where a key pair differs from what a case expects.
  static func differences(of vector: VectorCase) -> [String] {
    Differences.found { differences in
      let expected = vector.expected
      guard let role = Role(vectorName: vector["prefix"].string) else { throw SetupError("the role is unknown") }
      let message = try vector.bytes("message_hex")
      let pair = try KeyPair(role: role, rawSeed: vector.bytes("raw_seed_hex"))
      let seed = try pair.seedText().revealed
      let privateText = try pair.privateText()
      let privateBytes = try privateText.withUnsafeBytes { text in try KeyText.withDecodedLenient(text) { Array($0.dropFirst()) } }
      differences.compare("prefix byte", Int64(role.prefixByte), with: vector["prefix_byte"].integer)
      differences.compare("seed", seed, with: expected["seed"].string)
      differences.compare("public key", pair.publicKey.text, with: expected["public"].string)
      differences.compare("raw public key", hex(pair.publicKey.raw.bytes), with: expected["public_raw_hex"].string)
      differences.compare("private key", privateText.revealed, with: expected["private"].string)
      differences.compare("raw private key", hex(privateBytes), with: expected["private_raw_hex"].string)
      differences.compare("seed read again", try KeyPair(seed: seed).publicKey, with: pair.publicKey)
      differences.compare("public key read again", try PublicKey(expected["public"].string), with: pair.publicKey)

      let signed = Outcome { () throws(NkeyError) in ["signature": hex(try pair.sign(message))] }
      let verified = Outcome { () throws(NkeyError) in
        try pair.publicKey.validate(signature: expected["signature_hex"].hexBytes ?? [], of: message)
        return [:]
      }
      let sealed = Outcome { () throws(NkeyError) in
        _ = try pair.seal(message, to: pair.publicKey)
        return [:]
      }
      differences.compare("sign", signed, with: outcome(["signature": expected["signature_hex"].string], unless: expected["sign_error"]))
      differences.compare("verify", verified, with: outcome([:], unless: expected["verify_error"]))
      differences.compare("seal", sealed, with: outcome([:], unless: expected["seal_error"]))
    }
  }

  private static func outcome(_ facts: [String: String], unless error: VectorValue) -> Outcome {
    error.string.isEmpty ? .accepted(facts) : .refused(error.string)
  }
}
