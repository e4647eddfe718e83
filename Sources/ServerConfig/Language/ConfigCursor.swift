/// Goes through the bytes of a configuration and knows where it is.
struct ConfigCursor {
  let file: String
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0

  /// Takes text; a byte order mark in front of it means nothing.
  init(_ text: String, file: String) {
    self.file = file
    bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      index = 3
      lineStart = 3
    }
  }

  /// The byte here; nil at the end.
  var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// The byte after the one here.
  var following: UInt8? { index + 1 < bytes.count ? bytes[index + 1] : nil }

  /// The byte before the one here.
  var previous: UInt8? { index > 0 ? bytes[index - 1] : nil }

  /// Where the byte here stands; columns count characters, not bytes.
  var position: ConfigPosition {
    let before = bytes[lineStart..<index].count { $0 & 0xC0 != 0x80 }
    return ConfigPosition(file: file, line: line, column: before + 1)
  }

  /// The character here, for messages.
  var character: String {
    guard let byte else { return "the end of the file" }
    if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return "the end of the line" }
    return "'\(String(decoding: bytes[index...].prefix(4), as: UTF8.self).prefix(1))'"
  }

  /// Goes to the next byte.
  mutating func advance() {
    guard let byte else { return }
    index += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      lineStart = index
    }
  }

  /// Goes over the byte here if it is `expected`.
  mutating func take(_ expected: UInt8) -> Bool {
    guard byte == expected else { return false }
    advance()
    return true
  }

  /// Goes over the bytes for which `isPart` holds, and gives them.
  mutating func bytes(while isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = index
    while let byte, isPart(byte) { advance() }
    return bytes[start..<index]
  }

  /// Goes over the bytes for which `isPart` holds, and gives them as text.
  mutating func text(while isPart: (UInt8) -> Bool) -> String {
    String(decoding: bytes(while: isPart), as: UTF8.self)
  }

  /// Goes over spaces and tabs, and over ends of lines if `lines`.
  mutating func skipSpace(lines: Bool) {
    while let byte, byte.isBlank || (lines && byte.isLineEnd) { advance() }
  }

  /// Goes over space and comments: `#` or `//` up to the end of the line.
  mutating func skipComments(lines: Bool) {
    skipSpace(lines: lines)
    while byte == UInt8(ascii: "#") || (byte == UInt8(ascii: "/") && following == UInt8(ascii: "/")) {
      _ = bytes { !$0.isLineEnd }
      skipSpace(lines: lines)
    }
  }
}

extension UInt8 {
  /// A space or a tab.
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
  /// A line feed, or the carriage return before it.
  var isLineEnd: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
  /// What parts a key from its value.
  var isKeySeparator: Bool { self == UInt8(ascii: "=") || self == UInt8(ascii: ":") }
}
