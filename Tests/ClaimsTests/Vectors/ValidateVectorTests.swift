import TestSupport
import Testing

@testable import Claims

@Suite("validation as the vectors say")
struct ValidateVectorTests {
  @Test("claims have the reference's issues, in its order", arguments: ClaimsVectors.validate.cases("validate"))
  func validates(_ vector: ClaimsVectorCase) {
    #expect(Self.differences(of: vector) == [])
  }

  @Test("subjects know containment, wildcards and renaming", arguments: ClaimsVectors.validate.cases("subjects"))
  func subjects(_ vector: ClaimsVectorCase) {
    #expect(Self.subjectDifferences(of: vector) == [])
  }

  @Test("small texts follow their rules", arguments: ClaimsVectors.validate.cases("texts"))
  func texts(_ vector: ClaimsVectorCase) {
    #expect(Self.textDifferences(of: vector) == [])
  }

  @Test("every list of the file is run")
  func isComplete() {
    #expect(ClaimsVectors.validate.problems(running: ["validate", "subjects", "texts"]) == [])
  }

  /// Where validation differs from what a case expects.
  static func differences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let issues = try VerifiedClaims.decode(vector.token()).claims.issues(at: vector.integer("now"))
      let isBlocking = issues.isBlocking(includingTimeChecks: false)
      let expected = vector.expected
      guard !expected.bool("go_panics") else {
        differences.compare("a failure", isBlocking, with: true)
        return
      }
      let foreignTails = (expected.value["go_stdlib_text"]?.elements ?? []).compactMap(\.integer)
      let wanted = (expected.value["issues"]?.elements ?? []).enumerated().map { index, issue in
        ExpectedIssue(ClaimsVectorCase(value: issue), hasForeignTail: foreignTails.contains(Int64(index)))
      }
      differences.add(ExpectedIssue.differences(of: issues, to: wanted, ordered: expected.bool("ordered")))
      differences.compare("is_blocking_true", issues.isBlocking(includingTimeChecks: true), with: expected.bool("is_blocking_true"))
      differences.compare("is_blocking_false", isBlocking, with: expected.bool("is_blocking_false"))
      differences.compare("is_empty", issues.isEmpty, with: expected.bool("is_empty"))
    }
  }

  /// Where what a subject tells differs from what a case expects.
  static func subjectDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let subject = Subject(vector.text("subject"))
      let other = Subject(vector.text("other"))
      let expected = vector.expected
      let renaming = "as_local_subject_for_other_issues"
      differences.compare("is_contained_in", subject.isContained(in: other), with: expected.bool("is_contained_in"))
      differences.compare("has_wildcards", subject.hasWildcards, with: expected.bool("has_wildcards"))
      differences.compare("subject_issues", subject.issues, with: expected.texts("subject_issues"))
      differences.compare(renaming, subject.renamingIssues(of: other), with: expected.texts(renaming))
      differences.compare("local_subject_to_subject", subject.withoutReferences.text, with: expected.text("local_subject_to_subject"))
    }
  }

  /// Where what is made of a small text differs from what a case expects.
  static func textDifferences(of vector: ClaimsVectorCase) -> [String] {
    Differences.found { differences in
      let outcome = try TextOutcome(kind: vector.text("kind"), text: vector.text("text"))
      let error = vector.text("error")
      if outcome.isExact(error) {
        differences.compare("error", outcome.error, with: error)
      } else {
        differences.compare("an error", !outcome.error.isEmpty, with: !error.isEmpty)
      }
      differences.compare("numbers", outcome.numbers, with: (vector.value["numbers"]?.elements ?? []).compactMap(\.integer))
      differences.compare("list", outcome.list, with: vector.texts("list"))
    }
  }
}
