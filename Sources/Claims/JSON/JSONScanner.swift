/// Reads a JSON text once, front to back, and notes where each value lies.
///
/// The grammar is RFC 8259's. The depth is bounded, the scanner keeps its own stack, so that no input can exhaust the thread's.
/// Strings are not decoded here: escapes are checked, bytes above 0x7F are taken as they are.
struct JSONScanner {
  /// The depth that the reference allows.
  static let maximumDepth = 10_000

  private enum Expectation {
    case value
    case elementOrEnd
    case memberOrEnd
    case member
    case separatorOrEnd
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var open: [Int] = []
  private(set) var nodes: [JSONNode] = []
  private(set) var depth = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    nodes.reserveCapacity(min(bytes.count / 8, 1 << 16) + 8)
    open.reserveCapacity(16)
  }

  mutating func scan() throws(ClaimsError) {
    guard bytes.count < Int(UInt32.max) else { throw ClaimsError(.json, "JSON text of \(bytes.count) bytes is too long") }
    var expectation = Expectation.value
    while true {
      skipBlanks()
      guard position < bytes.count else {
        if expectation == .separatorOrEnd && open.isEmpty { return }
        throw endOfText
      }
      switch expectation {
      case .value: expectation = try value()
      case .elementOrEnd: expectation = bytes[position] == UInt8(ascii: "]") ? close() : try value()
      case .memberOrEnd: expectation = bytes[position] == UInt8(ascii: "}") ? close() : try memberName()
      case .member: expectation = try memberName()
      case .separatorOrEnd: expectation = try separator()
      }
    }
  }

  private mutating func value() throws(ClaimsError) -> Expectation {
    switch bytes[position] {
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "{"):
      try enter(.object)
      return .memberOrEnd
    case UInt8(ascii: "["):
      try enter(.array)
      return .elementOrEnd
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    case UInt8(ascii: "t"): try literal("true", .true)
    case UInt8(ascii: "f"): try literal("false", .false)
    case UInt8(ascii: "n"): try literal("null", .null)
    default: throw unexpected("where a value begins")
    }
    return .separatorOrEnd
  }

  private mutating func memberName() throws(ClaimsError) -> Expectation {
    guard bytes[position] == UInt8(ascii: "\"") else { throw unexpected("where a member name begins") }
    try string()
    skipBlanks()
    guard position < bytes.count else { throw endOfText }
    guard bytes[position] == UInt8(ascii: ":") else { throw unexpected("after a member name") }
    position += 1
    return .value
  }

  private mutating func separator() throws(ClaimsError) -> Expectation {
    guard let container = open.last else { throw unexpected("after the end of the text") }
    let inObject = nodes[container].kind == .object
    switch bytes[position] {
    case UInt8(ascii: ","):
      position += 1
      return inObject ? .member : .value
    case UInt8(ascii: "}") where inObject, UInt8(ascii: "]") where !inObject:
      return close()
    default:
      throw unexpected(inObject ? "after a member" : "after an element")
    }
  }

  private mutating func enter(_ kind: JSONNode.Kind) throws(ClaimsError) {
    guard open.count < Self.maximumDepth else { throw ClaimsError(.json, "exceeded max depth") }
    open.append(nodes.count)
    depth = max(depth, open.count)
    append(kind, from: position, to: position)
    position += 1
  }

  private mutating func close() -> Expectation {
    position += 1
    if let container = open.popLast() {
      nodes[container].end = UInt32(position)
      nodes[container].next = UInt32(nodes.count)
    }
    return .separatorOrEnd
  }

  private mutating func append(_ kind: JSONNode.Kind, from start: Int, to end: Int, _ traits: JSONNode.Traits = []) {
    nodes.append(JSONNode(kind: kind, traits: traits, start: UInt32(start), end: UInt32(end), next: UInt32(nodes.count + 1)))
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func literal(_ text: StaticString, _ kind: JSONNode.Kind) throws(ClaimsError) {
    let start = position
    for offset in 0..<text.utf8CodeUnitCount {
      guard position < bytes.count else { throw endOfText }
      guard bytes[position] == text.utf8Start[offset] else { throw unexpected("in literal \(text)") }
      position += 1
    }
    append(kind, from: start, to: position)
  }
}

// MARK: - Strings and numbers

extension JSONScanner {
  private mutating func string() throws(ClaimsError) {
    position += 1
    let start = position
    var traits: JSONNode.Traits = []
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        append(.string, from: start, to: position, traits)
        position += 1
        return
      }
      if byte == UInt8(ascii: "\\") {
        traits.insert(.escaped)
        try escape()
      } else if byte < 0x20 {
        throw unexpected("in a string")
      } else {
        if byte > 0x7F { traits.insert(.beyondASCII) }
        position += 1
      }
    }
    throw endOfText
  }

  private mutating func escape() throws(ClaimsError) {
    position += 1
    guard position < bytes.count else { throw endOfText }
    switch bytes[position] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      position += 1
      for _ in 0..<4 {
        guard position < bytes.count else { throw endOfText }
        guard JSONText.hexDigit(bytes[position]) != nil else { throw unexpected("in a \\u escape") }
        position += 1
      }
    default:
      throw unexpected("in an escape")
    }
  }

  private mutating func number() throws(ClaimsError) {
    let start = position
    var traits: JSONNode.Traits = []
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if position < bytes.count && bytes[position] == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    if position < bytes.count && bytes[position] == UInt8(ascii: ".") {
      traits.insert(.fractional)
      position += 1
      try digits()
    }
    if position < bytes.count && bytes[position] | 0x20 == UInt8(ascii: "e") {
      traits.insert(.fractional)
      position += 1
      if position < bytes.count && (bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")) { position += 1 }
      try digits()
    }
    append(.number, from: start, to: position, traits)
  }

  /// One digit or more.
  private mutating func digits() throws(ClaimsError) {
    let start = position
    while position < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    guard position > start else {
      throw position < bytes.count ? unexpected("in a number") : endOfText
    }
  }

  private var endOfText: ClaimsError { ClaimsError(.json, "unexpected end of JSON input") }

  private func unexpected(_ place: String) -> ClaimsError {
    let shown = GoText.quotedCharacter(bytes[position])
    return ClaimsError(.json, "invalid character \(shown) \(place) (byte \(position))")
  }
}
