import Glibc

/// The name of a member, compared with the names that a model knows.
///
/// The reference takes an exact match first and otherwise ignores the letter case; two letters beyond ASCII fold into it (`ſ` to s,
/// the Kelvin sign to k).
struct JSONName {
  let document: JSONDocument
  let index: Int

  var text: String { document.text(at: index) }

  /// The position of the name among known ones, byte for byte. The search begins at `start` and goes around.
  func exactIndex(in names: [StaticString], from start: Int) -> Int? {
    withBytes { bytes in
      names[start...].firstIndex { Self.isSame(bytes, $0) } ?? names[..<start].firstIndex { Self.isSame(bytes, $0) }
    }
  }

  /// The position of the name among known lower-case ones when letter case is ignored.
  func foldedIndex(in names: [StaticString]) -> Int? {
    guard document.nodes[index].traits.isEmpty else { return names.firstIndex { folds(to: $0) } }
    return withBytes { bytes in names.firstIndex { Self.foldsASCII(bytes, to: $0) } }
  }

  /// The decoded bytes.
  private func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    let node = document.nodes[index]
    if node.traits.contains(.escaped) { return Array(text.utf8).withUnsafeBufferPointer(body) }
    return document.bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[Int(node.start)..<Int(node.end)])) }
  }

  private static func isSame(_ bytes: UnsafeBufferPointer<UInt8>, _ name: StaticString) -> Bool {
    guard bytes.count == name.utf8CodeUnitCount, let base = bytes.baseAddress else { return false }
    return memcmp(base, name.utf8Start, bytes.count) == 0
  }

  private static func foldsASCII(_ bytes: UnsafeBufferPointer<UInt8>, to name: StaticString) -> Bool {
    guard bytes.count == name.utf8CodeUnitCount else { return false }
    return bytes.indices.allSatisfy { fold(Unicode.Scalar(bytes[$0])) == Unicode.Scalar(name.utf8Start[$0]) }
  }

  /// Whether the name is the given lower-case one when letter case is ignored.
  private func folds(to name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
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
