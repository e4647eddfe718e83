/// The way to a member of a model.
typealias MemberPath<Root, Value> = any WritableKeyPath<Root, Value> & Sendable

/// One member of an object in claims: its name, and how its value is read and written.
struct JSONField<Root>: Sendable {
  let name: StaticString
  /// Whether the reference leaves the member out.
  let isOmitted: @Sendable (Root) -> Bool
  /// Whether there is nothing to write, not even an empty list.
  let isAbsent: @Sendable (Root) -> Bool
  let read: @Sendable (inout Root, JSONCursor) throws(ClaimsError) -> Void
  let write: @Sendable (Root, inout JSONWriter) -> Void

  /// A member that is left out when it is empty, unless `always`.
  static func member<Value: JSONMember>(
    _ name: StaticString, _ path: MemberPath<Root, Value>, always: Bool = false
  ) -> Self {
    Self(
      name: name,
      isOmitted: { root in !always && root[keyPath: path].isEmptyMember },
      isAbsent: { root in !always && root[keyPath: path].isAbsentMember },
      read: { (root, json) throws(ClaimsError) in try root[keyPath: path].read(json) },
      write: { root, json in root[keyPath: path].write(to: &json) })
  }

  /// A member that old tokens may have: it must have the right type, its value is dropped.
  static func dropped<Value: JSONMember>(_ name: StaticString, _ type: Value.Type) -> Self {
    Self(
      name: name,
      isOmitted: { _ in true },
      isAbsent: { _ in true },
      read: { (_, json) throws(ClaimsError) in
        var value = Value()
        try value.read(json)
      },
      write: { _, _ in })
  }

  /// The same member of a model that holds this one.
  func lifted<Outer>(to path: MemberPath<Outer, Root>) -> JSONField<Outer> {
    JSONField<Outer>(
      name: name,
      isOmitted: { outer in isOmitted(outer[keyPath: path]) },
      isAbsent: { outer in isAbsent(outer[keyPath: path]) },
      read: { (outer, json) throws(ClaimsError) in try read(&outer[keyPath: path], json) },
      write: { outer, json in write(outer[keyPath: path], &json) })
  }

  /// A member whose value is an object with a layout of its own over the same root.
  static func object(_ name: StaticString, _ layout: JSONLayout<Root>) -> Self {
    Self(
      name: name,
      isOmitted: { _ in false },
      isAbsent: { _ in false },
      read: { (root, json) throws(ClaimsError) in try layout.read(json, into: &root) },
      write: { root, json in layout.write(root, to: &json) })
  }
}

/// The members of an object in claims, in the order in which they are written.
///
/// One table serves reading and writing, so that the two cannot drift apart.
struct JSONLayout<Root>: Sendable {
  let fields: [JSONField<Root>]

  /// The names apart: looking one up copies no field.
  private let names: [StaticString]

  /// Where members that the table does not know are kept; nil where they are dropped.
  let unknown: MemberPath<Root, UnknownMembers>?

  /// A layout whose unknown members are kept.
  init(unknown: MemberPath<Root, UnknownMembers>, _ fields: [JSONField<Root>]) {
    self.fields = fields
    self.unknown = unknown
    names = fields.map(\.name)
  }

  /// A layout whose unknown members are dropped.
  init(_ fields: [JSONField<Root>]) {
    self.fields = fields
    unknown = nil
    names = fields.map(\.name)
  }

  /// Reads an object over what the root already holds; `null` changes nothing.
  func read(_ json: JSONCursor, into root: inout Root) throws(ClaimsError) {
    guard !json.isNull else { return }
    var likely = 0
    for value in try json.members() {
      if let index = index(of: value.name, likely: likely) {
        likely = index + 1
        try fields[index].read(&root, value)
      } else if let unknown {
        root[keyPath: unknown].keep(value.name.text, value)
      }
    }
  }

  func write(_ root: Root, to json: inout JSONWriter) {
    json.beginObject()
    for field in fields where !(json.keepsEmptyMembers ? field.isAbsent(root) : field.isOmitted(root)) {
      json.name(field.name)
      field.write(root, &json)
    }
    if let unknown, json.keepsUnknownMembers {
      root[keyPath: unknown].write(to: &json)
    }
    json.endObject()
  }

  /// Members mostly stand in the order of the table, so the search begins where the next one is likely.
  private func index(of name: JSONName, likely: Int) -> Int? {
    if let index = name.exactIndex(in: names, from: likely) { return index }
    guard let index = name.foldedIndex(in: names) else { return nil }
    name.document.report(.memberCase, "member \(GoText.quoted(name.text)) read as \(names[index])")
    return index
  }
}

/// An object in claims with one layout.
protocol JSONObject: JSONMember {
  static var layout: JSONLayout<Self> { get }
}

extension JSONObject {
  var isEmptyMember: Bool { false }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    try Self.layout.read(json, into: &self)
  }

  func write(to json: inout JSONWriter) {
    Self.layout.write(self, to: &json)
  }
}
