import Nkeys

/// A value that stands in a member of claims: how it is read over what is already there, and how it is written.
///
/// Reading follows the reference: `null` leaves scalars and objects as they are and empties lists, maps and optional objects.
protocol JSONMember: Sendable {
  /// The value of a member that is missing.
  init()

  /// Whether the member is left out when its field says so.
  var isEmptyMember: Bool { get }

  /// Whether there is nothing at all to write, not even an empty list.
  var isAbsentMember: Bool { get }

  mutating func read(_ json: JSONCursor) throws(ClaimsError)
  func write(to json: inout JSONWriter)
}

extension JSONMember {
  var isAbsentMember: Bool { isEmptyMember }
}

extension String: JSONMember {
  var isEmptyMember: Bool { isEmpty }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    if !json.isNull { self = try json.string() }
  }

  func write(to json: inout JSONWriter) { json.string(self) }
}

extension KeyReference: JSONMember {
  init() { self.init("") }

  var isEmptyMember: Bool { isEmpty }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    if !json.isNull { self = KeyReference(try json.string()) }
  }

  func write(to json: inout JSONWriter) { json.string(text) }
}

extension Bool: JSONMember {
  var isEmptyMember: Bool { !self }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    if !json.isNull { self = try json.bool() }
  }

  func write(to json: inout JSONWriter) { json.bool(self) }
}

/// The integers share one way.
protocol JSONInteger: FixedWidthInteger, JSONMember {}

extension JSONInteger {
  var isEmptyMember: Bool { self == 0 }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    if !json.isNull { self = try json.integer(as: Self.self) }
  }

  func write(to json: inout JSONWriter) { json.integer(self) }
}

extension Int: JSONInteger {}
extension Int64: JSONInteger {}
extension UInt: JSONInteger {}
extension UInt64: JSONInteger {}
extension UInt8: JSONInteger {}

extension Array: JSONMember where Element: JSONMember {
  var isEmptyMember: Bool { isEmpty }

  /// Room for a list is made at once, but not more than claims need: the elements may be wrong, and a model is far larger than the text `0,`.
  private static var largestReserve: Int { 64 }

  /// A list that comes a second time is read over the first, element by element.
  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    guard !json.isNull else {
      removeAll()
      return
    }
    let elements = try json.elements()
    reserveCapacity(Swift.min(elements.count, Self.largestReserve))
    var count = 0
    for element in elements {
      if count == self.count { append(Element()) }
      try self[count].read(element)
      count += 1
    }
    removeLast(self.count - count)
  }

  func write(to json: inout JSONWriter) {
    json.beginArray()
    for element in self { element.write(to: &json) }
    json.endArray()
  }
}

extension Optional: JSONMember where Wrapped: JSONMember {
  init() { self = nil }

  var isEmptyMember: Bool { self?.isEmptyMember ?? true }

  var isAbsentMember: Bool { self == nil }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    guard !json.isNull else {
      self = nil
      return
    }
    var value = self ?? Wrapped()
    try value.read(json)
    self = value
  }

  func write(to json: inout JSONWriter) {
    if let self { self.write(to: &json) } else { json.null() }
  }
}

extension ClaimsMap: JSONMember where Value: JSONMember {
  var isEmptyMember: Bool { isEmpty }

  /// A map that comes a second time is merged by key.
  mutating func read(_ json: JSONCursor) throws(ClaimsError) {
    guard !json.isNull else {
      self = ClaimsMap()
      return
    }
    var entries: [(String, Value)] = []
    for member in try json.members() {
      var value = Value()
      try value.read(member)
      entries.append((member.name.text, value))
    }
    merge(entries)
  }

  func write(to json: inout JSONWriter) {
    json.beginObject()
    for (key, value) in self {
      json.name(key)
      value.write(to: &json)
    }
    json.endObject()
  }
}
