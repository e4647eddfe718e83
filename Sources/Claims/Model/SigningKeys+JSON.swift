import Nkeys

extension SigningKeys: JSONMember {
  var isEmptyMember: Bool { entries.isEmpty }

  /// Texts are plain keys, objects are scopes, other items are skipped. A list that comes a second time adds to the first.
  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    guard !json.isNull else { return }
    var found: [(String, Entry)] = []
    for item in try json.elements() {
      switch item.kind {
      case .string: found.append((try item.string(), .plain))
      case .object:
        let scope = try UserScope(item)
        found.append((scope.key.text, .scoped(scope)))
      default: _ = try item.untypedValue()
      }
    }
    entries.merge(found)
  }

  func write(to json: inout JSONWriter) {
    json.beginArray()
    for (key, entry) in entries {
      switch entry {
      case .plain: json.string(key)
      case .scoped(let scope): scope.write(to: &json)
      }
    }
    json.endArray()
  }
}

extension UserScope: JSONObject {
  private static let kind = "user_scope"

  static let layout = JSONLayout<Self>(
    unknown: \.unknown,
    [
      JSONField(
        name: "kind", isOmitted: { _ in false }, isAbsent: { _ in false },
        read: { (_, json) throws(ClaimsError) in
          let text = json.isNull ? "" : try json.string()
          guard text == kind else { throw ClaimsError(.json, "unknown scope type \(GoText.quoted(text))") }
        }, write: { _, json in json.string(kind) }),
      .member("key", \.key, always: true), .member("role", \.role, always: true),
      .object("template", JSONLayout(unknown: \.unknownInTemplate, UserPermissionLimits.fields.map { $0.lifted(to: \.template) })),
      .member("description", \.description, always: true),
    ])

  /// Reads a scope as the reference does: the object first becomes an untyped map, then JSON again, and only that is read into
  /// the model. So numbers pass through a double, and members are seen in the order of their names.
  init(_ json: JSONCursor) throws(ClaimsError) {
    let members = try json.untypedMembers()
    guard members["kind"] == .string(Self.kind) else {
      throw ClaimsError(.json, "unknown signing key scope \(Self.described(members["type"]))")
    }
    var writer = JSONWriter()
    JSONValue.object(members.map { JSONValue.Member($0.key, $0.value) }).write(to: &writer)
    self.init()
    let document = try JSONDocument(writer.bytes)
    try read(document.root)
    for finding in document.findings { json.document.report(finding.rule, finding.detail) }
  }

  /// A value as the reference's `%q` shows it.
  private static func described(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text): GoText.quoted(text)
    case .bool(let bool): "%!q(bool=\(bool))"
    case .double(let number): "%!q(float64=\(JSONNumber.text(number)))"
    case nil, .null: "%!q(<nil>)"
    default: "of another type"
    }
  }
}
