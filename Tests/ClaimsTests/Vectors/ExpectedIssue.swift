@testable import Claims

/// An issue as a case expects it.
struct ExpectedIssue: CustomStringConvertible {
  private let level: String
  private let isBlocking: Bool
  private let isTimeCheck: Bool
  private let text: String
  /// Whether the text goes on in words of the reference's language, which differ between its releases.
  private let isBeginning: Bool

  init(_ issue: ClaimsVectorCase, hasForeignTail: Bool) {
    level = issue.text("level")
    isBlocking = issue.bool("blocking")
    isTimeCheck = issue.bool("time_check")
    let whole = issue.text("description")
    let marks = ["by name:", "url: ", "\": parse ", ": "]
    let range = hasForeignTail ? marks.lazy.compactMap { whole.firstRange(of: $0) }.first : nil
    text = range.map { String(whole[..<$0.upperBound]) } ?? whole
    isBeginning = range != nil
  }

  var description: String { "\(level): \(text)\(isBlocking ? ", blocking" : "")\(isTimeCheck ? ", time check" : "")" }

  func matches(_ issue: ValidationIssue) -> Bool {
    let found = issue.description.utf8
    return issue.level.rawValue == level && issue.blocking == isBlocking && (issue.level == .time) == isTimeCheck
      && (isBeginning ? found.starts(with: text.utf8) : found.elementsEqual(text.utf8))
  }

  /// The differences between issues and what is expected, in order or in any.
  static func differences(of issues: [ValidationIssue], to expected: [ExpectedIssue], ordered: Bool) -> [String] {
    var missing = expected
    var differences: [String] = []
    for issue in issues {
      if let index = ordered ? missing.indices.first : missing.firstIndex(where: { $0.matches(issue) }), missing[index].matches(issue) {
        missing.remove(at: index)
      } else {
        differences.append("an issue that is not expected here: \(issue.level.rawValue): \(issue.description)")
        // Behind the first difference the order says nothing more.
        if ordered { break }
      }
    }
    return differences + missing.map { "an issue that is missing: \($0)" }
  }
}
