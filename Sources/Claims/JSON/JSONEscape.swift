/// The escapes of the reference's JSON: quotes, backslashes and controls as everywhere, and also `<`, `>`, `&`, U+2028 and U+2029.
enum JSONEscape {
  /// Appends the inside of a JSON string.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { append($0, to: &bytes) }
  }

  private static func append(_ utf8: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var plain = 0
    var index = 0
    while index < utf8.count {
      guard let (escape, length) = escape(utf8, at: index) else {
        index += 1
        continue
      }
      bytes.append(contentsOf: utf8[plain..<index])
      bytes.append(contentsOf: escape.utf8)
      index += length
      plain = index
    }
    bytes.append(contentsOf: utf8[plain...])
  }

  private static func escape(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) -> (text: String, length: Int)? {
    let byte = utf8[index]
    switch byte {
    case UInt8(ascii: "\""): return ("\\\"", 1)
    case UInt8(ascii: "\\"): return ("\\\\", 1)
    case UInt8(ascii: "<"): return ("\\u003c", 1)
    case UInt8(ascii: ">"): return ("\\u003e", 1)
    case UInt8(ascii: "&"): return ("\\u0026", 1)
    case 0x08: return ("\\b", 1)
    case 0x09: return ("\\t", 1)
    case 0x0A: return ("\\n", 1)
    case 0x0C: return ("\\f", 1)
    case 0x0D: return ("\\r", 1)
    case 0x00..<0x10: return ("\\u000" + String(byte, radix: 16), 1)
    case 0x10..<0x20: return ("\\u00" + String(byte, radix: 16), 1)
    case 0xE2 where index + 2 < utf8.count && utf8[index + 1] == 0x80 && utf8[index + 2] & 0xFE == 0xA8:
      return (utf8[index + 2] == 0xA8 ? "\\u2028" : "\\u2029", 3)
    default: return nil
    }
  }
}
