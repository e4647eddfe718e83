/// Reads any JSON text into a value: one pass, bounded depth, integers as integers.
///
/// Claims are not read this way but straight into their model; this is for what has no model.
public struct JSONReader: Sendable {
  /// How deep a value may nest here.
  ///
  /// The scanner allows what the reference allows, but a tree of values needs stack when it is used and when it goes away.
  public static let maximumDepth = 256

  /// A reader.
  public init() {}

  /// The value of a text.
  ///
  /// Lone surrogates and invalid UTF-8 become U+FFFD, repeated members stay, as `JSONValue` can show them. Throws `json`.
  public func read(_ bytes: [UInt8]) throws(ClaimsError) -> JSONValue {
    try JSONDocument(bytes).root.value()
  }

  /// The value of a text in which no object repeats a name. Throws `json`.
  public func readRefusingDuplicates(_ bytes: [UInt8]) throws(ClaimsError) -> JSONValue {
    let document = try JSONDocument(bytes)
    if let violation = document.findings.first(where: { $0.rule == .duplicateMembers }) {
      throw ClaimsError(.json, "json: \(violation.detail) is repeated")
    }
    return try document.root.value()
  }
}

extension JSONCursor {
  /// The value with members as they came.
  func value(depth: Int = 0) throws(ClaimsError) -> JSONValue {
    guard depth <= JSONReader.maximumDepth else { throw .tooDeep }
    switch kind {
    case .object:
      var members: [JSONValue.Member] = []
      for member in try self.members() {
        members.append(JSONValue.Member(member.name.text, try member.value(depth: depth + 1)))
      }
      return .object(members)
    case .array:
      var elements: [JSONValue] = []
      for element in try self.elements() { elements.append(try element.value(depth: depth + 1)) }
      return .array(elements)
    case .string: return .string(try string())
    case .number: return try number()
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .null: return .null
    }
  }

  /// A number that is written as an integer is one, whatever its literal here: so a value stays the same when it is written and read again.
  private func number() throws(ClaimsError) -> JSONValue {
    if let integer = Self.integer(String(decoding: source, as: UTF8.self)) { return integer }
    let number = try double()
    return Self.integer(JSONNumber.text(number)) ?? .double(number)
  }

  private static func integer(_ literal: String) -> JSONValue? {
    if literal == "-0" { return .double(-0.0) }
    if let integer = Int64(literal) { return .integer(integer) }
    return UInt64(literal).map(JSONValue.unsigned)
  }

  /// The value as the reference keeps values it has no model for: all numbers doubles, members sorted, the last of a name kept.
  func untypedValue(depth: Int = 0) throws(ClaimsError) -> JSONValue {
    guard depth <= JSONReader.maximumDepth else { throw .tooDeep }
    switch kind {
    case .object:
      let members = try untypedMembers(depth: depth)
      return .object(members.map { JSONValue.Member($0.key, $0.value) })
    case .array:
      var elements: [JSONValue] = []
      for element in try self.elements() { elements.append(try element.untypedValue(depth: depth + 1)) }
      return .array(elements)
    case .number: return .double(try double())
    default: return try value(depth: depth)
    }
  }

  /// The members of an object as the reference keeps them.
  func untypedMembers(depth: Int = 0) throws(ClaimsError) -> ClaimsMap<JSONValue> {
    var members: [(String, JSONValue)] = []
    for member in try self.members() {
      members.append((member.name.text, try member.untypedValue(depth: depth + 1)))
    }
    return ClaimsMap(members)
  }
}

extension ClaimsError {
  /// The error for what the scanner still reads, and a tree of values could not hold.
  fileprivate static let tooDeep = ClaimsError(
    .json, "strictness: \(StrictnessRule.deepNesting.rawValue): more than \(JSONReader.maximumDepth) levels")
}
