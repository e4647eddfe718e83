extension MemberWords {
  /// One change as a line.
  func line(for change: ClaimsChange) -> String {
    var names: [String] = []
    var words = self
    for step in change.path {
      // A list is not named in front of its entries: `export orders.>`, not `exports: export orders.>`.
      if words.isCollection, !words.isEntry { names.removeLast() }
      words = words.below(step)
      names.append(words.name(of: step))
    }
    let name = names.popLast() ?? ""
    let place = names.filter { !$0.isEmpty }.joined(separator: ": ")
    if name.isEmpty { return words.phrase(change.kind, place) }
    return (place.isEmpty ? "" : place + ": ") + words.phrase(change.kind, name)
  }

  /// What a step to these words is called: an entry by its kind and what tells it from others.
  private func name(of step: ClaimsChange.Step) -> String {
    switch step {
    case .member(let name): isEntry ? Self.joined(label, name) : label
    case .item(let identity, 1): Self.joined(label, identity)
    case .item(let identity, let number): Self.joined(label, "\(identity) (number \(number))")
    }
  }

  private func phrase(_ kind: ClaimsChange.Kind, _ name: String) -> String {
    switch (style, kind) {
    case (_, .reordered): "\(name): in another order"
    case (.revocation, .added(let value, _)): "revoked \(name), issued until \(style.text(value))"
    case (.revocation, .removed): "no longer revoked: \(name)"
    case (.revocation, .changed(let old, let new)): "revoked \(name), issued until \(style.text(old)) → \(style.text(new))"
    case (.object, .added(let value, _)): "\(name) added\(details(of: value))"
    case (.object, .removed): "\(name) removed"
    case (.object, .changed(let old, let new)): "\(name): \(Self.shape(of: old)) → \(Self.shape(of: new))\(details(of: new))"
    case (_, .added) where isEntry: "\(name) added"
    case (_, .removed) where isEntry: "\(name) removed"
    case (_, .added(let value, _)): "\(name): \(style.text(nil)) → \(style.text(value))"
    case (_, .removed(let value)): "\(name): \(style.text(value)) → \(style.text(nil))"
    case (_, .changed(let old, let new)): "\(name): \(style.text(old)) → \(style.text(new))"
    }
  }

  /// What an object that came says, behind a colon; nothing when its name says all.
  private func details(of value: JSONValue) -> String {
    let parts = details(value)
    return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
  }

  private func details(_ value: JSONValue) -> [String] {
    (value.members ?? []).filter { !isEntry || !Self.namingMembers.contains($0.name) }.flatMap { member -> [String] in
      let words = below(.member(member.name))
      switch (words.style, member.value) {
      case (.flag, let value): return value.bool == true ? [words.label] : []
      case (.object, let value) where words.label.isEmpty: return words.details(value)
      case (.object, let value):
        let count = ValueParts(value).parts.count
        return count == 0 ? [] : ["\(words.label) (\(count))"]
      case (let style, let value): return [Self.joined(words.label, style.text(value))]
      }
    }
  }

  /// The members that tell an entry from others stand in its name already.
  private static let namingMembers: Set<String> = ["subject", "account", "key", "kind", "cluster"]

  private static func joined(_ label: String, _ name: String) -> String { label.isEmpty ? name : "\(label) \(name)" }

  /// What a value is when it changes from one shape to another: a signing key may be a text or a scope, a list empty or null.
  private static func shape(of value: JSONValue) -> String {
    switch value {
    case .object: "with a scope"
    case .array(let items): items.isEmpty ? "an empty list" : "a list"
    case .string: "without a scope"
    default: value.jsonText
    }
  }
}
