import TestSupport
import Testing

@testable import Claims

@Suite("wrong expectations")
struct WrongVectorTests {
  @Test("a wrong expectation is noticed, whatever member it is in", arguments: decode.lists + encode.lists + validate.lists + pack.lists)
  func areNoticed(_ list: CheckedList<ClaimsVectorCase>) {
    #expect(list.objections == [])
  }

  @Test("every list that is run has expectations made wrong", arguments: [decode, encode, validate, pack])
  func isComplete(_ set: ListSet) {
    #expect(set.file.problems(running: Set(set.lists.map(\.description))) == [])
  }

  /// The lists of one file.
  struct ListSet: Sendable, CustomTestStringConvertible {
    let file: ClaimsVectorFile
    private(set) var lists: [CheckedList<ClaimsVectorCase>] = []

    /// This repository's own set, whatever set is run.
    init(_ run: ClaimsVectorFile) {
      file = Vectors.folder == Vectors.fixtures ? run : ClaimsVectorFile(run.name, in: Vectors.fixtures)
    }

    var testDescription: String { file.name }

    func list(
      _ name: String, _ expectations: Set<String> = ["expect"], exceptions: [Exception] = [],
      cases: (ClaimsVectorCase) -> [ClaimsVectorCase] = { [$0] },
      differences: @escaping @Sendable (ClaimsVectorCase, _ withRules: Bool) -> [String]
    ) -> Self {
      var set = self
      set.lists.append(
        CheckedList(
          name, file.cases(name).flatMap(cases), expectations: expectations, exceptions: exceptions,
          branch: { vector in
            let isCrash = vector.expected.bool("go_panics")
            return "\(["type", "kind", "op"].map(vector.text)) \(isCrash)"
          },
          differences: differences))
      return set
    }
  }

  private static let decode = ListSet(ClaimsVectors.decode)
    .list("decode", exceptions: [inexactError, exactness, inexactWriting]) { DecodeVectorTests.differences(of: $0, withRules: $1) }
    .list("typed") { vector, _ in DecodeVectorTests.typedDifferences(of: vector) }
    .list("did_sign", ["did_sign"]) { vector, _ in SignerVectorTests.didSignDifferences(of: vector) }
    .list("scoped") { vector, _ in SignerVectorTests.scopeDifferences(of: vector) }
    .list("revoked", ["revoked"]) { vector, _ in RuleVectorTests.revokedDifferences(of: vector) }
    .list("claim_revoked", ["revoked"]) { vector, _ in SignerVectorTests.claimRevokedDifferences(of: vector) }
    .list("revocation_ops") { vector, _ in RuleVectorTests.operationDifferences(of: vector) }
    .list("hash_id", ["hash_id", "error"]) { vector, _ in RuleVectorTests.hashDifferences(of: vector) }
    .list("limits") { vector, _ in RuleVectorTests.limitDifferences(of: vector) }

  private static let encode = ListSet(ClaimsVectors.encode)
    .list("encode", exceptions: [inexactError, exactness, anyFailure]) { vector, _ in EncodeVectorTests.differences(of: vector) }
    .list("defaults", ["claims_json"]) { vector, _ in EncodeVectorTests.defaultDifferences(of: vector) }
    .list("creds") { CredentialsVectorTests.differences(of: $0, withRules: $1) }
    .list("issue_user") { vector, _ in EncodeVectorTests.issueDifferences(of: vector) }

  private static let validate = ListSet(ClaimsVectors.validate)
    .list("validate", exceptions: [comparing, crash, foreignTail]) { vector, _ in ValidateVectorTests.differences(of: vector) }
    .list("subjects") { vector, _ in ValidateVectorTests.subjectDifferences(of: vector) }
    .list("texts", ["error", "numbers", "list"], exceptions: [foreignText]) { vector, _ in ValidateVectorTests.textDifferences(of: vector) }

  private static let pack = ListSet(ClaimsVectors.pack)
    .list("xor", ["xor_sha256_hex"]) { vector, _ in PackVectorTests.digestDifferences(of: vector) }
    .list("stores", ["expect", "files_sha256_after"], cases: \.byStep) { vector, _ in
      PackVectorTests.storeDifferences(of: vector.withStep)
    }
}

/// A case of a store has its expectations in its steps. To make each of them wrong, there is a case for every step, which has the step's
/// expectations in the place where other cases have theirs.
extension ClaimsVectorCase {
  private static let expectations: Set<String> = ["error", "result", "parts", "hash_after"]

  fileprivate var byStep: [ClaimsVectorCase] {
    (value["steps"]?.elements ?? []).enumerated().map { number, step in
      let expected = (step.members ?? []).filter { Self.expectations.contains($0.name) }
      let more = [
        JSONValue.Member("step", .integer(Int64(number))), .init("op", step["op"] ?? .null), .init("expect", .object(expected)),
      ]
      return ClaimsVectorCase(value: .object((value.members ?? []) + more))
    }
  }

  /// The case with the expectations put back into their step.
  fileprivate var withStep: ClaimsVectorCase {
    var steps = value["steps"]?.elements ?? []
    let number = Int(integer("step"))
    let action = (steps[number].members ?? []).filter { !Self.expectations.contains($0.name) }
    steps[number] = .object(action + (expected.value.members ?? []))
    let others = (value.members ?? []).filter { $0.name != "steps" }
    return ClaimsVectorCase(value: .object(others + [.init("steps", .array(steps))]))
  }
}

/// What is not compared, in the words of the set's own description.
extension WrongVectorTests {
  typealias Exception = CheckedList<ClaimsVectorCase>.Exception

  private static let exactness = Exception("error_exact says how to compare") { wrong, _ in wrong.path.hasSuffix(".error_exact") }

  private static let inexactError = Exception("a text is compared only if error_exact is true: others depend on the release") {
    wrong, original in
    let place = wrong.path.hasPrefix("expect.decode_generic.") ? original.expected.part("decode_generic") : original.expected
    return wrong.path.hasSuffix(".error") && place?.bool("error_exact") != true
  }

  private static let inexactWriting = Exception("the wording of claims_json_error is not exact") { wrong, _ in
    wrong.path.hasSuffix(".claims_json_error") && wrong.change == .changed
  }

  private static let anyFailure = Exception("where the reference crashes, any error is right, as it is for an inexact one") { wrong, _ in
    wrong.path == "expect.go_panics"
  }

  private static let comparing = Exception("ordered and go_stdlib_text say how to compare") { wrong, _ in
    wrong.path.hasPrefix("expect.ordered") || wrong.path.hasPrefix("expect.go_stdlib_text")
  }

  private static let crash = Exception("where the reference crashes, it says nothing more than its own text") { wrong, original in
    original.expected.bool("go_panics") && wrong.path != "expect.go_panics"
  }

  private static let foreignTail = Exception("of an issue in go_stdlib_text the tail is not compared") { wrong, original in
    let isFirst = original.expected.value["go_stdlib_text"]?.elements?.first?.integer == 0
    return isFirst && wrong.path == "expect.issues[].description" && wrong.change == .changed
  }

  private static let foreignText = Exception("of service urls, locales and lists of networks only whether there is an error") {
    wrong, original in
    let isForeign = ["operator_service_url", "locale", "cidr_list_json"].contains(original.text("kind"))
    return isForeign && wrong.path == "error" && wrong.change == .changed && !original.text("error").isEmpty
  }
}

extension ClaimsVectorCase: ShapedValue {
  var shape: JSONShape<ClaimsVectorCase> {
    let shape: JSONShape<JSONValue> =
      switch value {
      case .string(let text): .text(text)
      case .integer(let number): .integer(number)
      case .bool(let bool): .bool(bool)
      case .array(let elements): .list(elements)
      case .object(let members): .object(members.map { (name: $0.name, value: $0.value) })
      case .null, .unsigned, .double: .other
      }
    return shape.map(ClaimsVectorCase.init)
  }

  init(shape: JSONShape<ClaimsVectorCase>) {
    let value: JSONValue =
      switch shape.map(\.value) {
      case .text(let text): .string(text)
      case .integer(let number): .integer(number)
      case .bool(let bool): .bool(bool)
      case .list(let elements): .array(elements)
      case .object(let members): .object(members.map { JSONValue.Member($0.name, $0.value) })
      case .other: .null
      }
    self.init(value: value)
  }
}
