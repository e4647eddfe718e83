/// The members of an object or the items of a list, each with the step that leads to it.
struct ValueParts {
  var parts: [(step: ClaimsChange.Step, value: JSONValue)] = []
  let isList: Bool

  /// The parts of an object, of which the last member with a name counts, or of a list; none of other values.
  init(_ value: JSONValue) {
    switch value {
    case .object(let members):
      isList = false
      var places: [ClaimsChange.Step: Int] = [:]
      for member in members {
        let step = ClaimsChange.Step.member(member.name)
        if let place = places[step] {
          parts[place].value = member.value
        } else {
          places[step] = parts.count
          parts.append((step, member.value))
        }
      }
    case .array(let items):
      isList = true
      var numbers: [ClaimsChange.Step: Int] = [:]
      for item in items {
        let number = numbers[.item(item.identity, number: 0), default: 0] + 1
        numbers[.item(item.identity, number: 0)] = number
        parts.append((.item(item.identity, number: number), item))
      }
    default:
      isList = false
    }
  }

  /// No parts yet, of what the first step of a way leads into.
  init(under step: ClaimsChange.Step) {
    if case .item = step { isList = true } else { isList = false }
  }

  /// Where each part stands.
  var places: [ClaimsChange.Step: Int] {
    Dictionary(parts.enumerated().map { ($0.element.step, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The value put together again.
  var value: JSONValue {
    if isList { return .array(parts.map(\.value)) }
    return .object(
      parts.compactMap { part in
        if case .member(let name) = part.step { JSONValue.Member(name, part.value) } else { nil }
      })
  }
}

extension JSONValue {
  /// What tells an item of a list in claims from the others: for an import the account and the subject, for an export or a mapping's
  /// destination the subject and the cluster, for a scope the signing key, for anything else all of it.
  fileprivate var identity: String {
    switch self {
    case .string(let text): return text
    case .object:
      if let key = self["key"]?.text { return key }
      guard let subject = self["subject"]?.text else { return jsonText }
      let account = self["account"]?.text.map { " from \($0)" } ?? ""
      let cluster = self["cluster"]?.text.map { " in cluster \($0)" } ?? ""
      return subject + account + cluster
    default: return jsonText
    }
  }
}
