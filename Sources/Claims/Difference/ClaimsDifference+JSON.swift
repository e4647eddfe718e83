import Nkeys

extension ClaimsDifference {
  /// The difference for programs: `type`, `subject`, and `changes`, each with its `path`, what happened (`change`), `old` and `new` values as
  /// they stand in the token, and its line in words (`text`).
  ///
  /// A step of a path is the name of a member, or for the item of a list an object: `item`, what tells it from the others, and `number`, its
  /// place among those that have the same. Nothing is hidden: passwords and tokens stand in the values.
  public var jsonText: String {
    let words = MemberWords.of(type)
    return JSONValue.object([
      .init("type", .string(type.rawValue)), .init("subject", .string(subject.text)),
      .init("changes", .array(changes.map { change in change.json(text: words.line(for: change)) })),
    ]).jsonText
  }
}

extension ClaimsChange {
  fileprivate func json(text: String) -> JSONValue {
    let path = JSONValue.Member("path", .array(path.map(\.json)))
    let (change, values): (String, [JSONValue.Member]) =
      switch kind {
      case .added(let value, let position): ("added", [.init("new", value), .init("position", .integer(Int64(position)))])
      case .removed(let value): ("removed", [.init("old", value)])
      case .changed(let old, let new): ("changed", [.init("old", old), .init("new", new)])
      case .reordered(let old, let new):
        ("reordered", [.init("old", .array(old.map(\.json))), .init("new", .array(new.map(\.json)))])
      }
    return .object([path, .init("change", .string(change))] + values + [.init("text", .string(text))])
  }
}

extension ClaimsChange.Step {
  fileprivate var json: JSONValue {
    switch self {
    case .member(let name): .string(name)
    case .item(let identity, let number): .object([.init("item", .string(identity)), .init("number", .integer(Int64(number)))])
    }
  }
}
