/// Decodes the inside of a JSON string as the reference does: lone surrogates and each byte of invalid UTF-8 become U+FFFD.
enum JSONText {
  /// The value of a hexadecimal digit.
  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The decoded UTF-8 of a checked string body, and whether anything had to be replaced.
  static func decode(_ body: ArraySlice<UInt8>) -> (utf8: [UInt8], isDamaged: Bool) {
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    var isDamaged = false
    var index = body.startIndex
    while index < body.endIndex {
      let byte = body[index]
      if byte == UInt8(ascii: "\\") {
        let scalar = unescape(body, &index)
        isDamaged = isDamaged || scalar == nil
        append(scalar ?? "\u{FFFD}", to: &result)
      } else if byte < 0x80 {
        result.append(byte)
        index += 1
      } else if let length = sequenceLength(body, at: index) {
        result.append(contentsOf: body[index..<index + length])
        index += length
      } else {
        isDamaged = true
        append("\u{FFFD}", to: &result)
        index += 1
      }
    }
    return (result, isDamaged)
  }

  /// Appends the UTF-8 of a scalar.
  static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  /// One escape that begins at `index`; nil for a lone surrogate.
  private static func unescape(_ body: ArraySlice<UInt8>, _ index: inout Int) -> Unicode.Scalar? {
    let kind = body[index + 1]
    guard kind == UInt8(ascii: "u") else {
      index += 2
      switch kind {
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{C}"
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "t"): return "\t"
      default: return Unicode.Scalar(kind)
      }
    }
    let first = codeUnit(body, at: index)
    index += 6
    guard UTF16.isLeadSurrogate(first), index + 6 <= body.endIndex, body[index] == UInt8(ascii: "\\"), body[index + 1] == UInt8(ascii: "u")
    else { return Unicode.Scalar(first) }
    let second = codeUnit(body, at: index)
    guard UTF16.isTrailSurrogate(second) else { return nil }
    index += 6
    return Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF))
  }

  /// The four digits of the `\u` escape at `index`.
  private static func codeUnit(_ body: ArraySlice<UInt8>, at index: Int) -> UInt16 {
    var unit: UInt32 = 0
    for byte in body[index + 2..<index + 6] {
      unit = unit << 4 | (hexDigit(byte) ?? 0)
    }
    return UInt16(truncatingIfNeeded: unit)
  }

  /// The length of the well-formed UTF-8 sequence of two to four bytes at `index` (Unicode 15, table 3-7).
  static func sequenceLength(_ body: ArraySlice<UInt8>, at index: Int) -> Int? {
    func continues(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      index + offset < body.endIndex && range.contains(body[index + offset])
    }
    switch body[index] {
    case 0xC2...0xDF: return continues(1) ? 2 : nil
    case 0xE0: return continues(1, 0xA0...0xBF) && continues(2) ? 3 : nil
    case 0xED: return continues(1, 0x80...0x9F) && continues(2) ? 3 : nil
    case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : nil
    case 0xF0: return continues(1, 0x90...0xBF) && continues(2) && continues(3) ? 4 : nil
    case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : nil
    case 0xF4: return continues(1, 0x80...0x8F) && continues(2) && continues(3) ? 4 : nil
    default: return nil
    }
  }
}
