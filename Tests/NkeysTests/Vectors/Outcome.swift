import Nkeys
import TestSupport

/// What becomes of an input: facts about what was made of it, or the text of the refusal.
enum Outcome: Equatable, CustomStringConvertible {
  case accepted([String: String])
  case refused(String)

  init(_ facts: () throws(NkeyError) -> [String: String]) {
    do throws(NkeyError) {
      self = .accepted(try facts())
    } catch {
      self = .refused(error.message)
    }
  }

  /// The expectation of a vector with the members `ok`, `error` and the facts named.
  init(expected: VectorValue, facts: [String]) {
    guard expected["ok"].bool else {
      self = .refused(expected["error"].string)
      return
    }
    self = .accepted(Dictionary(uniqueKeysWithValues: facts.map { ($0, expected[$0].string) }))
  }

  var isAccepted: Bool {
    if case .accepted = self { true } else { false }
  }

  var description: String {
    switch self {
    case .accepted(let facts):
      // Long values would drown the names of the cases.
      "accepted \(facts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.prefix(120))" })"
    case .refused(let text): "refused: \(text)"
    }
  }
}

extension Differences {
  /// Compares our outcome with the reference's. They are equal, or the rule says how they differ, and then they must.
  mutating func compare(_ aspect: String, _ ours: Outcome, with reference: Outcome, unless rule: StrictnessRule?) {
    guard let rule else { return compare(aspect, ours, with: reference) }
    if !rule.explains(ours: ours, reference: reference) { add("\(aspect): \(ours) against \(reference) under \(rule)") }
  }
}
