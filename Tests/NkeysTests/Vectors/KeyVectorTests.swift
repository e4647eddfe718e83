import TestSupport
import Testing

@testable import Nkeys

@Suite("Key pairs made from raw seeds")
struct KeyVectorTests {
  @Test("have the reference's texts, raw keys and signatures", arguments: NkeysVectors.cases("keys"))
  func keyVector(_ vector: VectorCase) throws {
    let expected = vector.expected
    let role = try #require(Role(vectorName: vector["prefix"].string), "\(vector.id): role")
    #expect(Int64(role.prefixByte) == vector["prefix_byte"].integer, "\(vector.id): prefix byte")
    let message = try #require(vector["message_hex"].hexBytes, "\(vector.id): message")
    let pair = try KeyPair(role: role, rawSeed: #require(vector["raw_seed_hex"].hexBytes, "\(vector.id): raw seed"))

    let seed = try pair.seedText().revealed
    #expect(seed == expected["seed"].string, "\(vector.id): seed")
    #expect(pair.publicKey.text == expected["public"].string, "\(vector.id): public key")
    #expect(pair.publicKey.raw.bytes == expected["public_raw_hex"].hexBytes, "\(vector.id): raw public key")
    let privateText = try pair.privateText()
    #expect(privateText.revealed == expected["private"].string, "\(vector.id): private key")
    let privateBytes = try privateText.withUnsafeBytes { text in try KeyText.withDecodedLenient(text) { Array($0.dropFirst()) } }
    #expect(privateBytes == expected["private_raw_hex"].hexBytes, "\(vector.id): raw private key")
    #expect(try KeyPair(seed: seed).publicKey == pair.publicKey, "\(vector.id): seed read again")
    #expect(try PublicKey(expected["public"].string) == pair.publicKey, "\(vector.id): public key read again")

    let signed = Outcome { () throws(NkeyError) in ["signature": hex(try pair.sign(message))] }
    let verified = Outcome { () throws(NkeyError) in
      try pair.publicKey.validate(signature: expected["signature_hex"].hexBytes ?? [], of: message)
      return [:]
    }
    let sealed = Outcome { () throws(NkeyError) in
      _ = try pair.seal(message, to: pair.publicKey)
      return [:]
    }
    expectSame(signed, outcome(["signature": expected["signature_hex"].string], unless: expected["sign_error"]), in: vector, "sign")
    expectSame(verified, outcome([:], unless: expected["verify_error"]), in: vector, "verify")
    expectSame(sealed, outcome([:], unless: expected["seal_error"]), in: vector, "seal")
  }

  private func outcome(_ facts: [String: String], unless error: VectorValue) -> Outcome {
    error.string.isEmpty ? .accepted(facts) : .refused(error.string)
  }
}
