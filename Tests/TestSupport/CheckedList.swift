/// A list of cases with its check, to prove that the check compares whatever the list expects.
public struct CheckedList<Case: ShapedValue & CustomStringConvertible>: Sendable, CustomStringConvertible {
  /// A member that is not compared, and why.
  public struct Exception: Sendable {
    let reason: String
    let covers: @Sendable (WrongExpectation<Case>, _ original: Case) -> Bool

    /// Leaves out the expectations that the predicate is true for, given the wrong case and the original.
    public init(_ reason: String, _ covers: @escaping @Sendable (WrongExpectation<Case>, _ original: Case) -> Bool) {
      self.reason = reason
      self.covers = covers
    }
  }

  private let name: String
  private let cases: [Case]
  private let expectations: Set<String>
  private let exceptions: [Exception]
  private let branch: @Sendable (Case) -> String
  private let differences: @Sendable (Case, _ withRules: Bool) -> [String]

  /// A list whose cases have expectations in the members named, but for the exceptions.
  ///
  /// The branch names the way that a check takes for a case, such as the case's operation: each is proved by itself.
  /// The check gives the differences of a case, with those left out that a rule of strictness explains, or with all.
  public init(
    _ name: String, _ cases: [Case], expectations: Set<String> = ["expect"], exceptions: [Exception] = [],
    branch: @escaping @Sendable (Case) -> String,
    differences: @escaping @Sendable (Case, _ withRules: Bool) -> [String]
  ) {
    self.name = name
    self.cases = cases
    self.expectations = expectations
    self.exceptions = exceptions
    self.branch = branch
    self.differences = differences
  }

  /// The list's name.
  public var description: String { name }

  /// What speaks against the check: wrong expectations that it takes for right, and exceptions that nothing needs.
  ///
  /// Every expectation that occurs in the list is made wrong in two cases of each branch. They are cases that need no rule of strictness,
  /// where there are such: where we refuse what the reference takes, there is nothing to compare with the facts that it found.
  public var objections: [String] {
    guard !cases.isEmpty else { return ["the list is missing or empty"] }
    var objections: [String] = []
    var tried: [String: Int] = [:]
    var needed: Set<String> = []
    var ruled: [Case] = []
    func attempt(_ original: Case, times: Int, where isUsable: (Case) -> Bool) {
      let branch = branch(original)
      func key(_ wrong: WrongExpectation<Case>) -> String { "\(branch) \(wrong.path) \(wrong.change)" }
      let wanted = original.wrongExpectations(in: expectations).filter { wrong in
        let exception = exceptions.first { $0.covers(wrong, original) }
        if let exception { needed.insert(exception.reason) }
        return exception == nil && tried[key(wrong), default: 0] < times
      }
      guard !wanted.isEmpty, isUsable(original) else { return }
      for wrong in wanted {
        tried[key(wrong), default: 0] += 1
        guard let value = wrong.value, differences(value, true).isEmpty else { continue }
        objections.append("\(original): a wrong \(wrong.path) goes unnoticed (\(wrong.change))")
      }
    }
    for original in cases {
      attempt(original, times: 2) { original in
        let isPlain = differences(original, false).isEmpty
        if !isPlain { ruled.append(original) }
        return isPlain
      }
    }
    for original in ruled { attempt(original, times: 1) { _ in true } }
    objections += exceptions.filter { !needed.contains($0.reason) }.map { "an exception is not needed: \($0.reason)" }
    return objections
  }
}
