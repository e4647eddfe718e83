/// The name of a member, compared with the names that a model knows.
///
/// The reference takes an exact match first and otherwise ignores the letter case; two letters beyond ASCII fold into it (`ſ` to s,
/// the Kelvin sign to k).
struct JSONName {
  let document: JSONDocument
  let index: Int

  var text: String { document.text(at: index) }

  /// The position of the name among known ones, byte for byte.
  func exactIndex(in names: [StaticString]) -> Int? {
    let node = document.nodes[index]
    if node.traits.contains(.escaped) {
      let decoded = Array(text.utf8)
      return decoded.withUnsafeBufferPointer { bytes in names.firstIndex { Self.isSame(bytes, $0) } }
    }
    return document.bytes.withUnsafeBufferPointer { bytes in
      let name = UnsafeBufferPointer(rebasing: bytes[Int(node.start)..<Int(node.end)])
      return names.firstIndex { Self.isSame(name, $0) }
    }
  }

  /// The position of the name among known lower-case ones when letter case is ignored.
  func foldedIndex(in names: [StaticString]) -> Int? {
    names.firstIndex { folds(to: $0) }
  }

  private static func isSame(_ bytes: UnsafeBufferPointer<UInt8>, _ name: StaticString) -> Bool {
    guard bytes.count == name.utf8CodeUnitCount else { return false }
    for offset in 0..<bytes.count where bytes[offset] != name.utf8Start[offset] { return false }
    return true
  }

  /// Whether the name is the given lower-case one when letter case is ignored.
  private func folds(to name: StaticString) -> Bool {
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
