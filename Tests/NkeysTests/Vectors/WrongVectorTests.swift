import TestSupport
import Testing

@Suite("Wrong expectations")
struct WrongVectorTests {
  @Test("are noticed, whatever member they are in", arguments: lists)
  func wrongVectorsAreNoticed(list: CheckedList<VectorCase>) {
    #expect(list.objections == [])
  }

  @Test("are made in every list that is run")
  func wrongVectorsAreComplete() {
    #expect(Set(Self.lists.map(\.description)) == NkeysVectors.lists)
  }

  private static let lists: [CheckedList<VectorCase>] = [
    list("keys") { vector, _ in KeyVectorTests.differences(of: vector) },
    list("inputs", exceptions: [prefixNotAsked]) {
      InputVectorTests.lenientDifferences(of: $0) + InputVectorTests.differences(of: $0, withRules: $1)
    },
    list("encode") { EncodeVectorTests.differences(of: $0, withRules: $1) },
    list("verify", exceptions: [crash]) {
      VerifyVectorTests.differences(of: $0, withRules: $1) + VerifyVectorTests.lenientDifferences(of: $0, withRules: $1)
    },
    list("seal", exceptions: [crash]) { BoxVectorTests.sealDifferences(of: $0, withRules: $1) },
    list("open") { BoxVectorTests.openDifferences(of: $0, withRules: $1) },
    list("decorated") { DecoratedVectorTests.differences(of: $0, withRules: $1) },
  ]

  private static func list(
    _ name: String, exceptions: [CheckedList<VectorCase>.Exception] = [], differences: @escaping @Sendable (VectorCase, Bool) -> [String]
  ) -> CheckedList<VectorCase> {
    CheckedList(
      name, NkeysVectors.cases(name, of: NkeysVectors.fixture), exceptions: exceptions,
      branch: { "\($0["op"].string) \($0.expected["go_panics"].bool)" }, differences: differences)
  }

  private static let crash = CheckedList<VectorCase>.Exception("where the reference crashes, any error is right") { wrong, original in
    wrong.path == "expect.error" && original.expected["go_panics"].bool
  }

  private static let prefixNotAsked = CheckedList<VectorCase>.Exception("a prefix that a case does not name is not asked for") { wrong, _ in
    wrong.path.hasPrefix("expect.decode_with_prefix.") && wrong.change == .dropped
  }
}
