import Foundation
import TestSupport
import Testing

@testable import Nkeys

@Suite("Any text read as a key")
struct InputVectorTests {
  @Test("is understood by the lenient reading just as by the reference", arguments: NkeysVectors.cases("inputs"))
  func lenientInputVector(_ vector: VectorCase) throws {
    let bytes = try input(of: vector)
    let expected = vector.expected
    let reading = Result { () throws(NkeyError) in try lenient(bytes) }
    let key = try? reading.get()

    #expect((key?.prefix ?? .unknown).vectorName == expected["prefix"].string, "\(vector.id): prefix")
    #expect((key != nil) == expected["is_valid_encoding"].bool, "\(vector.id): encoding")
    #expect((key?.role != nil) == expected["is_valid_public_key"].bool, "\(vector.id): public key")
    for (role, member) in typedChecks {
      #expect((key?.has(.role(role)) ?? false) == expected[member].bool, "\(vector.id): \(member)")
    }
    for (name, verdict) in expected["decode_with_prefix"].members.sorted(by: { $0.key < $1.key }) {
      let prefix = LenientKey.Prefix(vectorName: name)
      let ours = Outcome { () throws(NkeyError) in
        // The reference looks at the prefix asked for before it looks at the text.
        guard prefix != .unknown else { throw .invalidPrefixByte }
        try reading.get().require(prefix)
        return [:]
      }
      expectSame(ours, verdict.string == "ok" ? .accepted([:]) : .refused(verdict.string), in: vector, "decode as \(name)")
    }
    expectSame(
      Outcome { () throws(NkeyError) in try lenientPublicKey(bytes) }, Outcome(expected: expected["from_public_key"], facts: ["public"]),
      in: vector, "lenient public key")
    expectSame(
      Outcome { () throws(NkeyError) in try decodedSeed(bytes) }, Outcome(expected: expected["decode_seed"], facts: ["prefix", "raw_hex"]),
      in: vector, "decode seed")
    #expect(expected["decode_seed"]["ok"].bool || expected["decode_seed"]["prefix"].string == "seed", "\(vector.id): prefix of no seed")
    expectSame(
      Outcome { () throws(NkeyError) in try lenientSeed(bytes) },
      Outcome(expected: expected["from_seed"], facts: ["public", "public_error", "seed"]), in: vector, "lenient seed")
  }

  @Test("passes our doors as it passes the reference's, but for the rules of strictness", arguments: NkeysVectors.cases("inputs"))
  func strictInputVector(_ vector: VectorCase) throws {
    let bytes = try input(of: vector)
    let expected = vector.expected
    let key = Outcome { () throws(NkeyError) in ["public": try strictPublicKey(bytes).text] }
    let rule = StrictnessRule.publicKey(bytes)
    expectSame(key, Outcome(expected: expected["from_public_key"], facts: ["public"]), in: vector, "public key", unless: rule)
    let isKey = verdict(key.isAccepted)
    let isKeyForReference = verdict(expected["is_valid_public_key"].bool)
    expectSame(isKey, isKeyForReference, in: vector, "is a public key", unless: isKey == isKeyForReference ? nil : rule)
    for (role, member) in typedChecks {
      let isOfRole = (try? strictPublicKey(bytes))?.role == role
      expectSame(
        verdict(isOfRole), verdict(expected[member].bool), in: vector, member, unless: StrictnessRule.publicKey(bytes, as: role))
    }
    let seedRule = StrictnessRule.seed(bytes)
    let isSeedOfOtherRole = seedRule != .laterRole && ReferenceReading(bytes)?.roleOfSeed != .curve
    expectSame(
      Outcome { () throws(NkeyError) in try facts(of: strictSeed(bytes)) },
      Outcome(expected: expected["from_seed"], facts: ["public", "seed"]), in: vector, "seed", unless: seedRule)
    expectSame(
      Outcome { () throws(NkeyError) in try facts(of: KeyPair(curveSeed: String(decoding: bytes, as: UTF8.self))) },
      Outcome(expected: expected["from_curve_seed"], facts: ["public", "seed"]), in: vector, "curve seed",
      unless: isSeedOfOtherRole ? nil : seedRule)
  }

  private let typedChecks: [(Role, String)] = [
    (.account, "is_valid_public_account_key"), (.operator, "is_valid_public_operator_key"), (.user, "is_valid_public_user_key"),
    (.server, "is_valid_public_server_key"), (.cluster, "is_valid_public_cluster_key"), (.curve, "is_valid_public_curve_key"),
  ]

  private func input(of vector: VectorCase) throws -> [UInt8] {
    guard vector["input_b64"].isNull else {
      return try Array(#require(Data(base64Encoded: vector["input_b64"].string), "\(vector.id): base64"))
    }
    return Array(vector["input"].string.utf8)
  }

  private func verdict(_ isValid: Bool) -> Outcome { isValid ? .accepted([:]) : .refused("false") }
}

/// The doors and the lenient reading, on bytes that need not be UTF-8.
extension InputVectorTests {
  private func reading<R>(
    _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(NkeyError) -> R
  ) throws(NkeyError) -> R {
    try bytes.withUnsafeBytes { bytes in Result { () throws(NkeyError) in try body(bytes) } }.get()
  }

  private func lenient(_ bytes: [UInt8]) throws(NkeyError) -> LenientKey {
    try reading(bytes) { (text) throws(NkeyError) in try LenientKey(utf8: text) }
  }

  private func strictPublicKey(_ bytes: [UInt8]) throws(NkeyError) -> PublicKey {
    try reading(bytes) { (text) throws(NkeyError) in try PublicKey(utf8: text) }
  }

  private func strictSeed(_ bytes: [UInt8]) throws(NkeyError) -> KeyPair {
    try reading(bytes) { (text) throws(NkeyError) in try KeyPair(seedUTF8: text) }
  }

  private func facts(of pair: KeyPair) throws(NkeyError) -> [String: String] {
    ["public": pair.publicKey.text, "seed": try pair.seedText().revealed]
  }

  /// The reference keeps any number of bytes and encodes them again.
  private func lenientPublicKey(_ bytes: [UInt8]) throws(NkeyError) -> [String: String] {
    guard try lenient(bytes).role != nil else { throw .invalidPublicKey }
    return try reading(bytes) { (text) throws(NkeyError) in
      try KeyText.withDecodedLenient(text) { (payload) throws(NkeyError) in
        ["public": try KeyText.withEncoded(prefix: [], payload: payload) { String(decoding: $0, as: UTF8.self) }]
      }
    }
  }

  private func decodedSeed(_ bytes: [UInt8]) throws(NkeyError) -> [String: String] {
    try reading(bytes) { (text) throws(NkeyError) in
      try KeyText.withSeedLenient(text) { (role, raw) throws(NkeyError) in
        guard LenientKey.roles.contains(role) else { throw .invalidSeed }
        return ["prefix": role.vectorName, "raw_hex": hex(Array(raw))]
      }
    }
  }

  /// The reference keeps the seed's text as given and makes the key later, from the first 32 bytes.
  private func lenientSeed(_ bytes: [UInt8]) throws(NkeyError) -> [String: String] {
    let text = String(decoding: bytes, as: UTF8.self)
    return try reading(bytes) { (utf8) throws(NkeyError) in
      try KeyText.withSeedLenient(utf8) { (role, raw) throws(NkeyError) in
        guard LenientKey.roles.contains(role) else { throw .invalidSeed }
        if role == .curve, raw.count != 32 { throw .invalidCurveSeed }
        guard raw.count >= 32 else { return ["public": "", "public_error": raw.isEmpty ? "EOF" : "unexpected EOF", "seed": text] }
        let pair = try KeyPair(role: role, rawSeed: UnsafeRawBufferPointer(rebasing: raw[..<32]))
        return ["public": pair.publicKey.text, "public_error": "", "seed": text]
      }
    }
  }
}
