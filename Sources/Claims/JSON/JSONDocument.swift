/// A scanned JSON text: its bytes, its values, and what the strict reader would object to.
///
/// A document lives inside one call of the decoder; `findings` grows while the values are read.
final class JSONDocument {
  let bytes: [UInt8]
  let nodes: [JSONNode]
  private(set) var findings: [StrictnessViolation] = []

  /// The nesting that the strict rules allow; no claims of today come near it.
  static let strictDepth = 32

  /// Scans a text.
  init(_ bytes: [UInt8]) throws(ClaimsError) {
    let scanned = try bytes.withUnsafeBufferPointer { buffer throws(ClaimsError) -> JSONScanner in
      var scanner = JSONScanner(buffer)
      try scanner.scan()
      return scanner
    }
    self.bytes = bytes
    nodes = scanned.nodes
    if scanned.depth > Self.strictDepth {
      report(.deepNesting, "\(scanned.depth) levels")
    }
    if let name = firstRepeatedName() {
      report(.duplicateMembers, "member \(GoText.quoted(name))")
    }
  }

  /// The outermost value.
  var root: JSONCursor { JSONCursor(document: self, index: 0) }

  /// Notes a violation, each rule once.
  func report(_ rule: StrictnessRule, _ detail: @autoclosure () -> String) {
    guard !findings.contains(where: { $0.rule == rule }) else { return }
    findings.append(StrictnessViolation(rule, detail()))
  }

  /// The bytes of a value, quotes included.
  func source(of index: Int) -> ArraySlice<UInt8> {
    let node = nodes[index]
    let quote = node.kind == .string ? 1 : 0
    return bytes[Int(node.start) - quote..<Int(node.end) + quote]
  }

  /// The text of the string at an index.
  func text(at index: Int) -> String {
    let node = nodes[index]
    let range = Int(node.start)..<Int(node.end)
    guard !node.traits.isEmpty else {
      return bytes.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
    }
    let (utf8, isDamaged) = JSONText.decode(bytes[range])
    if isDamaged {
      report(.damagedText, "a string with invalid UTF-8 or half a surrogate pair")
    }
    return String(decoding: utf8, as: UTF8.self)
  }
}
