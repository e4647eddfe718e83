extension ConfigParser {
  /// A value without quotes: a boolean, a number, a time, a variable, or text that is none of these.
  mutating func bareValue(of owner: String) throws(ConfigError) -> ConfigValue {
    let position = cursor.position
    let ends = Array(" \t\n\r;,]}".utf8)
    var bytes: [UInt8] = []
    var hasEscapes = false
    while let byte = cursor.byte, !ends.contains(byte) {
      if byte == UInt8(ascii: "'") { throw error("a quote stands within text without quotes: put double quotes around the text") }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        bytes.append(try escaped())
      } else {
        bytes.append(byte)
        cursor.advance()
      }
    }
    let word = try text(bytes, at: position)
    guard hasEscapes || !word.isEmpty else { throw error("\(owner) has no value: \(cursor.character) was found", at: position) }
    if hasEscapes { return ConfigValue(.text(word), at: position) }
    if word.hasPrefix("$"), !BareWord.isPasswordHash(word) { return try variable(String(word.dropFirst()), at: position) }
    return ConfigValue(try BareWord.content(word, at: position), at: position, word: word)
  }
}
