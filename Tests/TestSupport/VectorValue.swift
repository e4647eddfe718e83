/// A JSON value of a vector file. A missing member has the empty value of whatever it is read as.
public enum VectorValue: Sendable, Hashable {
  /// Null, or a member that is missing.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number that fits 64 bits with a sign.
  case integer(Int64)
  /// A larger whole number.
  case unsigned(UInt64)
  /// Any other number.
  case double(Double)
  /// Text.
  case string(String)
  /// A list.
  case list([VectorValue])
  /// An object.
  case object([String: VectorValue])

  /// A member of an object, `null` when it is missing.
  public subscript(member: String) -> VectorValue { members[member] ?? .null }

  /// The members of an object.
  public var members: [String: VectorValue] {
    if case .object(let members) = self { members } else { [:] }
  }

  /// The elements of a list.
  public var elements: [VectorValue] {
    if case .list(let elements) = self { elements } else { [] }
  }

  /// The text.
  public var string: String {
    if case .string(let text) = self { text } else { "" }
  }

  /// True or false.
  public var bool: Bool { self == .bool(true) }

  /// The whole number.
  public var integer: Int64 {
    if case .integer(let number) = self { number } else { 0 }
  }

  /// True for null and for a missing member.
  public var isNull: Bool { self == .null }

  /// The bytes of hexadecimal text; nil when it is none.
  public var hexBytes: [UInt8]? {
    let digits = string.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }
}

extension VectorValue: Decodable {
  /// Reads any JSON value.
  ///
  /// - Parameter decoder: The decoder to read from.
  /// - Throws: What the decoder throws for text that is no JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .unsigned(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([VectorValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: VectorValue].self))
    }
  }
}
