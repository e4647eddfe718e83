import Foundation
import TestSupport
import Testing

@testable import Nkeys

@Suite("Any text read as a key")
struct InputVectorTests {
  @Test("is understood by the lenient reading just as by the reference", arguments: NkeysVectors.cases("inputs"))
  func lenientInputVector(_ vector: VectorCase) {
    #expect(Self.lenientDifferences(of: vector) == [])
  }

  @Test("passes our doors as it passes the reference's, but for the rules of strictness", arguments: NkeysVectors.cases("inputs"))
  func strictInputVector(_ vector: VectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  /// Where the lenient reading differs from what a case expects.
  static func lenientDifferences(of vector: VectorCase) -> [String] {
    Differences.found { differences in
      let doors = KeyDoors(try input(of: vector))
      let expected = vector.expected
      let reading = Result { () throws(NkeyError) in try doors.lenient() }
      let key = try? reading.get()
      differences.compare("prefix", (key?.prefix ?? .unknown).vectorName, with: expected["prefix"].string)
      differences.compare("is_valid_encoding", key != nil, with: expected["is_valid_encoding"].bool)
      differences.compare("is_valid_public_key", key?.role != nil, with: expected["is_valid_public_key"].bool)
      for (role, member) in typedChecks {
        differences.compare(member, key?.has(.role(role)) ?? false, with: expected[member].bool)
      }
      for (name, verdict) in expected["decode_with_prefix"].members.sorted(by: { $0.key < $1.key }) {
        let prefix = LenientKey.Prefix(vectorName: name)
        let ours = Outcome { () throws(NkeyError) in
          // The reference looks at the prefix asked for before it looks at the text.
          guard prefix != .unknown else { throw .invalidPrefixByte }
          try reading.get().require(prefix)
          return [:]
        }
        differences.compare("decode as \(name)", ours, with: verdict.string == "ok" ? .accepted([:]) : .refused(verdict.string))
      }
      let facts = ["public", "public_error", "seed"]
      differences.compare(
        "lenient public key", Outcome { () throws(NkeyError) in try doors.lenientPublicKey() },
        with: Outcome(expected: expected["from_public_key"], facts: ["public"]))
      differences.compare(
        "lenient seed", Outcome { () throws(NkeyError) in try doors.lenientSeed() },
        with: Outcome(expected: expected["from_seed"], facts: facts))
      differences.compare(
        "lenient curve seed", Outcome { () throws(NkeyError) in try doors.lenientCurveSeed() },
        with: Outcome(expected: expected["from_curve_seed"], facts: facts))
      let decoded = Outcome { () throws(NkeyError) in try doors.decodedSeed() }
      differences.compare("decode_seed", decoded, with: Outcome(expected: expected["decode_seed"], facts: ["prefix", "raw_hex"]))
      // Of what is no seed the reference gives a prefix as well, always the same.
      if !decoded.isAccepted { differences.compare("prefix of no seed", "seed", with: expected["decode_seed"]["prefix"].string) }
    }
  }

  /// Where our doors differ from what a case expects.
  static func differences(of vector: VectorCase, withRules: Bool = true) -> [String] {
    Differences.found { differences in
      let bytes = try input(of: vector)
      let doors = KeyDoors(bytes)
      let expected = vector.expected
      let rule = withRules ? StrictnessRule.publicKey(bytes) : nil
      let key = try? doors.publicKey()
      differences.compare(
        "public key", Outcome { () throws(NkeyError) in ["public": try doors.publicKey().text] },
        with: Outcome(expected: expected["from_public_key"], facts: ["public"]), unless: rule)
      let isKey = verdict(key != nil)
      let isKeyForReference = verdict(expected["is_valid_public_key"].bool)
      differences.compare("is a public key", isKey, with: isKeyForReference, unless: isKey == isKeyForReference ? nil : rule)
      for (role, member) in typedChecks {
        let rule = withRules ? StrictnessRule.publicKey(bytes, as: role) : nil
        differences.compare(member, verdict(key?.role == role), with: verdict(expected[member].bool), unless: rule)
      }
      let seedRule = withRules ? StrictnessRule.seed(bytes) : nil
      let isSeedOfOtherRole = seedRule != .laterRole && ReferenceReading(bytes)?.roleOfSeed != .curve
      differences.compare(
        "seed", Outcome { () throws(NkeyError) in try doors.facts(of: doors.seed()) },
        with: Outcome(expected: expected["from_seed"], facts: ["public", "seed"]), unless: seedRule)
      differences.compare(
        "curve seed", Outcome { () throws(NkeyError) in try doors.facts(of: doors.curveSeed()) },
        with: Outcome(expected: expected["from_curve_seed"], facts: ["public", "seed"]), unless: isSeedOfOtherRole ? nil : seedRule)
    }
  }

  private static let typedChecks: [(Role, String)] = [
    (.account, "is_valid_public_account_key"), (.operator, "is_valid_public_operator_key"), (.user, "is_valid_public_user_key"),
    (.server, "is_valid_public_server_key"), (.cluster, "is_valid_public_cluster_key"), (.curve, "is_valid_public_curve_key"),
  ]

  private static func input(of vector: VectorCase) throws -> [UInt8] {
    guard vector["input_b64"].isNull else {
      guard let data = Data(base64Encoded: vector["input_b64"].string) else { throw SetupError("input_b64 is not base64") }
      return Array(data)
    }
    return Array(vector["input"].string.utf8)
  }

  private static func verdict(_ isValid: Bool) -> Outcome { isValid ? .accepted([:]) : .refused("false") }
}
