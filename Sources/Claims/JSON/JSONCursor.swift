/// One value of a scanned text.
struct JSONCursor {
  let document: JSONDocument
  let index: Int

  private var node: JSONNode { document.nodes[index] }

  var kind: JSONNode.Kind { node.kind }

  /// The name of the member whose value this is; only members have one.
  var name: JSONName { JSONName(document: document, index: index - 1) }

  var isNull: Bool { node.kind == .null }

  /// The value as it was written, quotes included.
  var source: ArraySlice<UInt8> { document.source(of: index) }

  /// The error for a value of the wrong type.
  func mismatch(_ wanted: String) -> ClaimsError {
    let found =
      switch kind {
      case .true, .false: "bool"
      case .null: "null"
      default: "\(kind)"
      }
    return ClaimsError(.json, "json: cannot read \(found) as \(wanted)")
  }

  /// The text of a string.
  func string() throws(ClaimsError) -> String {
    guard kind == .string else { throw mismatch("string") }
    return document.text(at: index)
  }

  /// The value of `true` or `false`.
  func bool() throws(ClaimsError) -> Bool {
    switch kind {
    case .true: return true
    case .false: return false
    default: throw mismatch("bool")
    }
  }

  /// A plain integer literal in the range of the type.
  func integer<Value: FixedWidthInteger>(as type: Value.Type) throws(ClaimsError) -> Value {
    guard kind == .number else { throw mismatch("\(type)") }
    let digits = source
    guard !node.traits.contains(.fractional), let value = Self.parse(digits, as: type) else {
      throw ClaimsError(.json, "json: cannot read number \(String(decoding: digits.prefix(40), as: UTF8.self)) as \(type)")
    }
    return value
  }

  /// A number as a double.
  func double() throws(ClaimsError) -> Double {
    guard kind == .number else { throw mismatch("number") }
    let text = String(decoding: source, as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw ClaimsError(.json, "json: cannot read number \(text.prefix(40)) as double")
    }
    return value
  }

  /// An unsigned type takes no sign at all, not even in front of zero.
  private static func parse<Value: FixedWidthInteger>(_ literal: ArraySlice<UInt8>, as type: Value.Type) -> Value? {
    let isNegative = literal.first == UInt8(ascii: "-")
    guard !isNegative || Value.isSigned else { return nil }
    var value: Value = 0
    for byte in isNegative ? literal.dropFirst() : literal {
      let digit = Value(truncatingIfNeeded: byte - UInt8(ascii: "0"))
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = isNegative ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }
}

// MARK: - Containers

extension JSONCursor {
  /// The elements of an array.
  func elements() throws(ClaimsError) -> JSONElements {
    guard kind == .array else { throw mismatch("array") }
    return JSONElements(document: document, position: index + 1, end: Int(node.next))
  }

  /// The values of the members of an object, in the order of the text; each knows its name.
  func members() throws(ClaimsError) -> JSONMembers {
    guard kind == .object else { throw mismatch("object") }
    return JSONMembers(document: document, position: index + 1, end: Int(node.next))
  }
}

/// The elements of an array, one after the other.
struct JSONElements: Sequence, IteratorProtocol {
  let document: JSONDocument
  var position: Int
  let end: Int

  /// How many are left.
  var count: Int {
    var (count, position) = (0, position)
    while position < end {
      position = Int(document.nodes[position].next)
      count += 1
    }
    return count
  }

  mutating func next() -> JSONCursor? {
    guard position < end else { return nil }
    defer { position = Int(document.nodes[position].next) }
    return JSONCursor(document: document, index: position)
  }
}

/// The values of the members of an object, one after the other.
struct JSONMembers: Sequence, IteratorProtocol {
  let document: JSONDocument
  var position: Int
  let end: Int

  mutating func next() -> JSONCursor? {
    guard position < end else { return nil }
    let value = JSONCursor(document: document, index: position + 1)
    position = Int(document.nodes[position + 1].next)
    return value
  }
}
