/// Walks two JSON values and notes where they differ.
struct DifferenceFinder {
  private(set) var changes: [ClaimsChange] = []

  mutating func compare(_ old: JSONValue, _ new: JSONValue, at path: [ClaimsChange.Step], _ words: MemberWords) {
    switch (old, new) {
    case (.object, .object): break
    // A list that is emptied and stays is another value: without a word about it an empty list would go.
    case (.array(let items), .array(let others)) where items.isEmpty || !others.isEmpty: break
    default:
      if !old.hasSameBytes(as: new) { changes.append(ClaimsChange(path, .changed(old: old, new: new))) }
      return
    }
    compare(ValueParts(old), ValueParts(new), at: path, words)
  }

  private mutating func compare(_ old: ValueParts, _ new: ValueParts, at path: [ClaimsChange.Step], _ words: MemberWords) {
    let (oldPlaces, newPlaces) = (old.places, new.places)
    for (step, value) in old.parts {
      if let place = newPlaces[step] {
        compare(value, new.parts[place].value, at: path + [step], words.below(step))
      } else if words.below(step).isCollection, let empty = value.emptied {
        compare(ValueParts(value), ValueParts(empty), at: path + [step], words.below(step))
      } else {
        changes.append(ClaimsChange(path + [step], .removed(value)))
      }
    }
    for (position, (step, value)) in new.parts.enumerated() where oldPlaces[step] == nil {
      if words.below(step).isCollection, let empty = value.emptied {
        compare(ValueParts(empty), ValueParts(value), at: path + [step], words.below(step))
      } else {
        changes.append(ClaimsChange(path + [step], .added(value, position: position)))
      }
    }
    guard new.isList else { return }
    let kept = old.parts.map(\.step).filter { newPlaces[$0] != nil }
    guard kept != new.parts.map(\.step).filter({ oldPlaces[$0] != nil }) else { return }
    changes.append(ClaimsChange(path, .reordered(old: old.parts.map(\.step), new: new.parts.map(\.step))))
  }
}

extension JSONValue {
  /// The same list or map without its entries; nil for one that is empty already, and for other values.
  fileprivate var emptied: JSONValue? {
    switch self {
    case .object(let members): members.isEmpty ? nil : .object([])
    case .array(let items): items.isEmpty ? nil : .array([])
    default: nil
    }
  }

  /// Equality of scalars and of empty lists, of texts by their bytes.
  fileprivate func hasSameBytes(as other: JSONValue) -> Bool {
    switch (self, other) {
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.object, _), (.array, _): false
    default: self == other
    }
  }
}
