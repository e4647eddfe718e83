import Nkeys
import TestSupport
import Testing

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

/// Compares our outcome with the reference's. They are equal, or the rule says how they differ, and then they must.
func expectSame(
  _ ours: Outcome, _ reference: Outcome, in vector: VectorCase, _ aspect: String, unless rule: StrictnessRule? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let rule else {
    #expect(ours == reference, "\(vector.id): \(aspect)", sourceLocation: sourceLocation)
    return
  }
  let isAsRuled = rule.explains(ours: ours, reference: reference)
  #expect(isAsRuled, "\(vector.id): \(aspect): \(ours) against \(reference) under \(rule)", sourceLocation: sourceLocation)
}
