extension ConfigParser {
  /// Text in double quotes; `\t`, `\n`, `\r`, `\"`, `\\` and `\xHH` stand for characters and bytes.
  mutating func quotedText() throws(ConfigError) -> String {
    let position = cursor.position
    cursor.advance()
    var bytes: [UInt8] = []
    while true {
      bytes += cursor.bytes { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      if cursor.take(UInt8(ascii: "\"")) { return try text(bytes, at: position) }
      guard cursor.byte != nil else { throw error("the quote opened here is not closed", at: position) }
      bytes.append(try escaped())
    }
  }

  /// Bytes as text: `\x` can make what is none.
  func text(_ bytes: [UInt8], at position: ConfigPosition) throws(ConfigError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw error("the text is not valid UTF-8", at: position) }
    return text
  }

  /// Text between two of the quote that stands here: every character stands for itself.
  mutating func plainText() throws(ConfigError) -> String {
    let position = cursor.position
    let quote = cursor.byte
    cursor.advance()
    let text = cursor.text { $0 != quote }
    guard cursor.byte != nil else { throw error("the quote opened here is not closed", at: position) }
    cursor.advance()
    return text
  }

  /// Text of several lines, from `(` to a `)` that stands alone on its line.
  mutating func block() throws(ConfigError) -> String {
    let position = cursor.position
    cursor.advance()
    var text = ""
    while true {
      text += cursor.text { $0 != UInt8(ascii: ")") }
      guard cursor.byte != nil else { throw error("the block opened here is not closed: its ) must stand alone on a line", at: position) }
      let startsLine = cursor.previous == UInt8(ascii: "\n")
      cursor.advance()
      if startsLine, cursor.byte.map(\.isLineEnd) ?? true { return text }
      text += ")"
    }
  }

  /// The byte that a backslash and what follows it stand for.
  mutating func escaped() throws(ConfigError) -> UInt8 {
    let position = cursor.position
    cursor.advance()
    guard let byte = cursor.byte else { throw error("the backslash at the end of the file stands for nothing", at: position) }
    cursor.advance()
    switch byte {
    case UInt8(ascii: "t"): return UInt8(ascii: "\t")
    case UInt8(ascii: "n"): return UInt8(ascii: "\n")
    case UInt8(ascii: "r"): return UInt8(ascii: "\r")
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
    case UInt8(ascii: "x"):
      var count = 0
      let digits = cursor.text { digit in
        count += 1
        return count <= 2 && !digit.isLineEnd
      }
      guard digits.utf8.count == 2, !digits.hasPrefix("+"), !digits.hasPrefix("-"), let value = UInt8(digits, radix: 16) else {
        throw error("\\x is followed by two hexadecimal digits", at: position)
      }
      return value
    default:
      throw error(
        "a backslash is followed by t, n, r, \", \\ or x and two hexadecimal digits; write \\\\ for a backslash itself", at: position)
    }
  }
}
