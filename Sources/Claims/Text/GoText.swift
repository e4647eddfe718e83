/// Text rules of the reference's language, where their outcome shows in the claims or in a message.
enum GoText {
  /// Lower case, one scalar for one scalar.
  static func lowercased(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text.lowercased() }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let mapped = scalar.properties.lowercaseMapping.unicodeScalars
      result.append(mapped.first ?? scalar)
    }
    return String(result)
  }

  /// Upper case, one scalar for one scalar; a scalar whose upper case is longer stays.
  static func uppercased(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let mapped = scalar.properties.uppercaseMapping.unicodeScalars
      result.append(mapped.count == 1 ? mapped.first ?? scalar : scalar)
    }
    return String(result)
  }

  /// Without white space at both ends.
  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }

  /// The text in double quotes with the escapes of `%q`.
  static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.map(escapedInQuotes).joined() + "\""
  }

  /// The same of bytes, of which those that are not UTF-8 are shown one by one.
  static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    var result = "\""
    var rest = bytes
    while let byte = rest.first {
      let length = byte < 0x80 ? 1 : JSONText.sequenceLength(rest, at: rest.startIndex)
      if let length {
        result += String(decoding: rest.prefix(length), as: UTF8.self).unicodeScalars.map(escapedInQuotes).joined()
      } else {
        result += "\\x\(hex(UInt32(byte), 2))"
      }
      rest = rest.dropFirst(length ?? 1)
    }
    return result + "\""
  }

  private static func escapedInQuotes(_ scalar: Unicode.Scalar) -> String {
    scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : escaped(scalar)
  }

  /// A byte in single quotes, for a message.
  static func quotedCharacter(_ byte: UInt8) -> String {
    let scalar = Unicode.Scalar(byte)
    if byte >= 0x80 { return "'\\x\(hex(UInt32(byte), 2))'" }
    return scalar == "'" || scalar == "\\" ? "'\\\(scalar)'" : "'\(escaped(scalar))'"
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0x07: "\\a"
    case 0x08: "\\b"
    case 0x09: "\\t"
    case 0x0A: "\\n"
    case 0x0B: "\\v"
    case 0x0C: "\\f"
    case 0x0D: "\\r"
    case 0x00..<0x20, 0x7F: "\\x\(hex(scalar.value, 2))"
    case 0x20..<0x7F: String(scalar)
    default:
      if isPrintable(scalar) {
        String(scalar)
      } else if scalar.value < 0x10000 {
        "\\u\(hex(scalar.value, 4))"
      } else {
        "\\U\(hex(scalar.value, 8))"
      }
    }
  }

  /// Letters, marks, numbers, punctuation and symbols; of the spaces only the ASCII one.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  private static func hex(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension String {
  /// Equality of the bytes; `==` would also take canonically equivalent texts as equal.
  func hasSameBytes(as other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
