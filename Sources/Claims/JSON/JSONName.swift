/// The name of a member, compared with the names that a model knows.
///
/// The reference takes an exact match first and otherwise ignores the letter case; two letters beyond ASCII fold into it (`ſ` to s,
/// the Kelvin sign to k).
struct JSONName {
  let document: JSONDocument
  let index: Int

  var text: String { document.text(at: index) }

  /// Whether the name is, byte for byte, the given one.
  func isExactly(_ name: StaticString) -> Bool {
    let node = document.nodes[index]
    let count = name.utf8CodeUnitCount
    if node.traits.contains(.escaped) {
      return text.utf8.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: count))
    }
    guard Int(node.end - node.start) == count else { return false }
    let start = Int(node.start)
    return document.bytes.withUnsafeBufferPointer { bytes in
      for offset in 0..<count where bytes[start + offset] != name.utf8Start[offset] { return false }
      return true
    }
  }

  /// Whether the name is the given lower-case one when letter case is ignored.
  func folds(to name: StaticString) -> Bool {
    let node = document.nodes[index]
    let count = name.utf8CodeUnitCount
    guard Int(node.end - node.start) >= count else { return false }
    if node.traits.isEmpty && Int(node.end - node.start) != count { return false }
    var position = 0
    for scalar in text.unicodeScalars {
      guard position < count, Self.fold(scalar) == Unicode.Scalar(name.utf8Start[position]) else { return false }
      position += 1
    }
    return position == count
  }

  private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "A"..."Z": Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
    case "\u{17F}": "s"
    case "\u{212A}": "k"
    default: scalar
    }
  }
}
