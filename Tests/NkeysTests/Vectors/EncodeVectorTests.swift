import TestSupport
import Testing

@testable import Nkeys

@Suite("Keys and seeds written as text")
struct EncodeVectorTests {
  @Test("have the reference's text or refusal", arguments: NkeysVectors.cases("encode"))
  func encodeVector(_ vector: VectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  /// Where the text differs from what a case expects.
  static func differences(of vector: VectorCase, withRules: Bool = true) -> [String] {
    Differences.found { differences in
      guard let prefix = UInt8(exactly: vector["prefix_byte"].integer), let operation = Operation(rawValue: vector["op"].string)
      else { throw SetupError("the prefix or the operation is unknown") }
      let payload = try vector.bytes("payload_hex")
      let ours = Outcome { () throws(NkeyError) in ["text": try text(operation, prefix, payload)] }
      let error = vector.expected["error"].string
      let reference: Outcome = error.isEmpty ? .accepted(["text": vector.expected["text"].string]) : .refused(error)
      differences.compare(operation.rawValue, ours, with: reference, unless: withRules ? rule(operation, prefix, payload) : nil)
    }
  }

  private enum Operation: String {
    case encode
    case encodeSeed = "encode_seed"
    case fromRawSeed = "from_raw_seed"
  }

  private static func text(_ operation: Operation, _ prefix: UInt8, _ payload: [UInt8]) throws(NkeyError) -> String {
    let role = Role(prefixByte: prefix)
    guard operation == .encode else {
      guard let role else { throw .invalidPrefixByte }
      return try KeyPair(role: role, rawSeed: payload).seedText().revealed
    }
    if let role, let raw = RawKey(payload) { return try PublicKey(role: role, raw: raw).text }
    // What is no public key of 32 bytes has no type of its own here, so the layer below is asked.
    guard role != nil || prefix == KeyText.seedPrefix || prefix == KeyText.privatePrefix else { throw .invalidPrefixByte }
    let encoded = payload.withUnsafeBytes { payload in
      Result { () throws(NkeyError) in
        try KeyText.withEncoded(prefix: [prefix], payload: payload) { String(decoding: $0, as: UTF8.self) }
      }
    }
    return try encoded.get()
  }

  private static func rule(_ operation: Operation, _ prefix: UInt8, _ payload: [UInt8]) -> StrictnessRule? {
    if let rule = StrictnessRule.prefixByte(prefix) { return rule }
    return operation == .encode && payload.count == 32 && Role(prefixByte: prefix) != nil ? .weakness(of: payload, prefix: prefix) : nil
  }
}
