/// Any JSON value, with integers as integers and members in the order of the text.
public enum JSONValue: Hashable, Sendable {
  /// A member of an object.
  public struct Member: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The value.
    public var value: JSONValue

    /// A member by name and value.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// An object; names may repeat when the text repeated them.
  case object([Member])
  /// An array.
  case array([JSONValue])
  /// A string.
  case string(String)
  /// An integer in the range of 64 signed bits.
  case integer(Int64)
  /// A larger integer, in the range of 64 unsigned bits.
  case unsigned(UInt64)
  /// Any other number.
  case double(Double)
  /// `true` or `false`.
  case bool(Bool)
  /// `null`.
  case null

  /// The value of the last member with this name, compared byte by byte; nil when there is none or the value is not an object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name.hasSameBytes(as: name) }?.value
  }

  /// The text of a string.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The elements of an array.
  public var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object.
  public var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The value of an integer that fits 64 signed bits.
  public var integer: Int64? {
    if case .integer(let integer) = self { integer } else { nil }
  }

  /// The value of `true` or `false`.
  public var bool: Bool? {
    if case .bool(let bool) = self { bool } else { nil }
  }

  /// Whether this is `null`.
  public var isNull: Bool { self == .null }
}

extension JSONValue {
  /// The value as the reference writes it, members in their own order.
  public var jsonText: String {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.text
  }

  /// Appends the value to a writer, members in their own order.
  public func write(to json: inout JSONWriter) {
    switch self {
    case .object(let members):
      json.beginObject()
      for member in members {
        json.name(member.name)
        member.value.write(to: &json)
      }
      json.endObject()
    case .array(let elements):
      json.beginArray()
      for element in elements { element.write(to: &json) }
      json.endArray()
    case .string(let text): json.string(text)
    case .integer(let integer): json.integer(integer)
    case .unsigned(let integer): json.integer(integer)
    case .double(let double): json.double(double)
    case .bool(let bool): json.bool(bool)
    case .null: json.null()
    }
  }
}
