import Testing

@testable import Claims

@Suite("validation as the vectors say")
struct ValidateVectorTests {
  /// An issue as both sides are compared: the level, and the text as far as it is the reference's own.
  private func shown(_ level: String, _ description: String, isCut: Bool) -> String {
    guard isCut else { return "\(level): \(description)" }
    // Behind these words comes a text of the reference's language, which differs between its releases.
    for mark in ["by name:", "url: ", "\": parse "] {
      if let range = description.firstRange(of: mark) { return "\(level): \(description[..<range.upperBound])" }
    }
    return "\(level): \(description)"
  }

  @Test("claims have the reference's issues, in its order", arguments: ClaimsVectors.validate.cases("validate"))
  func validates(_ vector: ClaimsVectorCase) throws {
    let claims = try VerifiedClaims.decode(vector.token()).claims
    let issues = claims.issues(at: vector.integer("now"))
    let expected = vector.expected
    guard !expected.bool("go_panics") else {
      #expect(issues.isBlocking(includingTimeChecks: false))
      return
    }
    let wanted = expected.value["issues"]?.elements ?? []
    let cut = Set((expected.value["go_stdlib_text"]?.elements ?? []).compactMap { $0.integer.map(Int.init) })
    var left = issues.enumerated().map { shown($0.element.level.rawValue, $0.element.description, isCut: cut.contains($0.offset)) }
    var right = wanted.enumerated().map {
      shown($0.element["level"]?.text ?? "", $0.element["description"]?.text ?? "", isCut: cut.contains($0.offset))
    }
    if !expected.bool("ordered") {
      left.sort()
      right.sort()
    }
    #expect(left == right)
    #expect(issues.map(\.blocking).count { $0 } == wanted.count { $0["blocking"]?.bool ?? false })
    #expect(issues.count { $0.level == .time } == wanted.count { $0["time_check"]?.bool ?? false })
    #expect(issues.isBlocking(includingTimeChecks: true) == expected.bool("is_blocking_true"))
    #expect(issues.isBlocking(includingTimeChecks: false) == expected.bool("is_blocking_false"))
    #expect(issues.isEmpty == expected.bool("is_empty"))
  }

  @Test("subjects know containment, wildcards and renaming", arguments: ClaimsVectors.validate.cases("subjects"))
  func subjects(_ vector: ClaimsVectorCase) {
    let subject = Subject(vector.text("subject"))
    let other = Subject(vector.text("other"))
    let expected = vector.expected
    #expect(subject.isContained(in: other) == expected.bool("is_contained_in"))
    #expect(subject.hasWildcards == expected.bool("has_wildcards"))
    #expect(subject.issues == expected.texts("subject_issues"))
    #expect(subject.renamingIssues(of: other) == expected.texts("as_local_subject_for_other_issues"))
    #expect(subject.withoutReferences.text == expected.text("local_subject_to_subject"))
  }

  @Test("small texts follow their rules", arguments: ClaimsVectors.validate.cases("texts"))
  func texts(_ vector: ClaimsVectorCase) throws {
    let text = vector.text("text")
    let error = vector.text("error")
    var issues = ValidationIssues()
    switch vector.text("kind") {
    case "server_version":
      switch ServerVersion.parse(text) {
      case .success(let numbers):
        #expect(error == "" && numbers == (vector.value["numbers"]?.elements ?? []).compactMap(\.integer))
      case .failure(let failure): #expect(failure.message == error)
      }
    case "operator_service_url":
      let issue = OperatorClaims.serviceURLIssue(text) ?? ""
      if error.hasPrefix("error parsing") { #expect(issue.hasPrefix("error parsing")) } else { #expect(issue == error) }
    case "cidr":
      var limits = UserPermissionLimits()
      limits.src = NetworkList([text])
      limits.validate(&issues)
      #expect(issues.all.map(\.description).joined() == error)
    case "time":
      TimeRange(start: text, end: "00:00:00").validate(&issues)
      #expect(issues.all.map(\.description).joined() == error)
    case "locale":
      #expect((TimeZoneName.problem(with: text) != nil) == !error.isEmpty)
    case "cidr_list_json":
      var list = NetworkList([])
      do throws(ClaimsError) {
        try list.read(JSONDocument(Array(text.utf8)).root)
        #expect(error == "" && list.networks == vector.texts("list"))
      } catch {
        #expect(!vector.text("error").isEmpty)
      }
    case "tag_add": #expect(try error == "" && TagList.adding(listed(text), to: []) == vector.texts("list"))
    case "string_list_add": #expect(try error == "" && TagList.appending(listed(text), to: []) == vector.texts("list"))
    default: Issue.record("unknown kind of text \(vector.text("kind"))")
    }
  }

  private func listed(_ json: String) throws -> [String] {
    (try JSONReader().read(Array(json.utf8)).elements ?? []).compactMap(\.text)
  }

  @Test("every list of the file is run")
  func isComplete() {
    #expect(ClaimsVectors.validate.problems(running: ["validate", "subjects", "texts"]) == [])
  }
}
