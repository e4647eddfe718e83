/// Reads the NATS configuration language, as nats-server does: comments, `=`, `:` or space after a key, maps and lists, the whole file in braces or
/// not, quoted and bare text, numbers with suffixes of size, booleans, blocks of text, `include`, and variables from enclosing maps and the
/// environment.
///
/// What nats-server's reader takes silently although it can only be a mistake (an open brace or quote at the end, a key without a value) is an
/// error here.
struct ConfigParser {
  var cursor: ConfigCursor
  let source: ConfigSource
  /// How many files, variables and nested values this one lies in.
  var depth: Int
  /// The maps that are being read, the innermost last.
  var scopes: [ConfigMap] = []

  /// Far more than a configuration has, and far less than the stack holds.
  static let deepest = 64

  init(_ text: String, file: String, source: ConfigSource, depth: Int = 0) {
    cursor = ConfigCursor(text, file: file)
    self.source = source
    self.depth = depth
  }

  /// A whole file.
  mutating func file() throws(ConfigError) -> ConfigMap {
    scopes.append(ConfigMap())
    cursor.skipComments(lines: true)
    let start = cursor.position
    if cursor.take(UInt8(ascii: "{")) {
      try entries(openedAt: start, isWholeFile: true)
      cursor.skipComments(lines: true)
      guard cursor.byte == nil else {
        throw error("nothing but comments may follow the brace that ends the file, but \(cursor.character) does")
      }
    } else {
      try entries(openedAt: nil, isWholeFile: true)
    }
    return scopes.removeLast()
  }

  /// An environment variable's value, with nothing behind it.
  mutating func onlyValue() throws(ConfigError) -> ConfigValue {
    cursor.skipSpace(lines: true)
    let value = try value(of: "the variable")
    cursor.skipSpace(lines: true)
    guard cursor.byte == nil else { throw error("\(cursor.character) follows the value") }
    return value
  }

  func error(_ message: String, at position: ConfigPosition? = nil) -> ConfigError {
    ConfigError(message, at: position ?? cursor.position)
  }

  // MARK: Maps

  /// Keys and values up to the closing brace, or to the end of a file without braces.
  private mutating func entries(openedAt brace: ConfigPosition?, isWholeFile: Bool) throws(ConfigError) {
    while true {
      cursor.skipComments(lines: true)
      guard let byte = cursor.byte else {
        guard let brace else { return }
        throw error("the brace opened here is not closed", at: brace)
      }
      if byte == UInt8(ascii: "}") {
        guard brace != nil else { throw error("this brace closes nothing") }
        return cursor.advance()
      }
      try entry(isWholeFile: isWholeFile)
      try endOfEntry()
    }
  }

  /// One key and its value, or an include.
  private mutating func entry(isWholeFile: Bool) throws(ConfigError) {
    let position = cursor.position
    let isQuoted = cursor.byte == UInt8(ascii: "\"") || cursor.byte == UInt8(ascii: "'")
    let key = try key()
    if !isQuoted, key.lowercased() == "include", let byte = cursor.byte, byte.isBlank || byte.isLineEnd {
      return try include(at: position)
    }
    cursor.skipSpace(lines: true)
    if let byte = cursor.byte, byte.isKeySeparator {
      cursor.advance()
      // As nats-server has it: a value may stand on the next line within braces only.
      cursor.skipSpace(lines: !isWholeFile)
    }
    let value = try value(of: "the key '\(key)'")
    scopes[scopes.count - 1].entries.append(ConfigMap.Entry(key: key, position: position, value: value))
  }

  private mutating func key() throws(ConfigError) -> String {
    let position = cursor.position
    if let quote = cursor.byte, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      cursor.advance()
      let key = cursor.text { $0 != quote }
      guard cursor.take(quote) else { throw error("the quote opened here is not closed", at: position) }
      return key
    }
    let ends = Array(" \t\n\r=:{}[](),;".utf8)
    let key = cursor.text { !ends.contains($0) }
    guard !key.isEmpty else { throw error("a key is expected here, but \(cursor.character) was found") }
    return key
  }

  private mutating func endOfEntry() throws(ConfigError) {
    cursor.skipComments(lines: false)
    guard let byte = cursor.byte, byte != UInt8(ascii: "}") else { return }
    guard byte.isLineEnd || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") else {
      throw error(
        "after a value the line must end, or a comma or brace follow, but \(cursor.character) was found: text with spaces needs quotes")
    }
    cursor.advance()
  }

  // MARK: Values

  /// A value; `owner` names in messages what it is the value of.
  mutating func value(of owner: String) throws(ConfigError) -> ConfigValue {
    let position = cursor.position
    switch cursor.byte {
    case UInt8(ascii: "{"): return try nested(at: position) { parser throws(ConfigError) in try parser.map(at: position) }
    case UInt8(ascii: "["): return try nested(at: position) { parser throws(ConfigError) in try parser.list(at: position) }
    case UInt8(ascii: "\""): return ConfigValue(.text(try quotedText()), at: position)
    case UInt8(ascii: "'"): return ConfigValue(.text(try plainText()), at: position)
    case UInt8(ascii: "("): return ConfigValue(.text(try block()), at: position)
    default: return try bareValue(of: owner)
    }
  }

  private mutating func nested(
    at position: ConfigPosition, _ content: (inout ConfigParser) throws(ConfigError) -> ConfigValue.Content
  ) throws(ConfigError) -> ConfigValue {
    depth += 1
    guard depth <= Self.deepest else { throw error("values are nested more than \(Self.deepest) deep", at: position) }
    let value = ConfigValue(try content(&self), at: position)
    depth -= 1
    return value
  }

  private mutating func map(at position: ConfigPosition) throws(ConfigError) -> ConfigValue.Content {
    cursor.advance()
    scopes.append(ConfigMap())
    try entries(openedAt: position, isWholeFile: false)
    return .map(scopes.removeLast())
  }

  /// Values with commas or ends of lines between.
  private mutating func list(at position: ConfigPosition) throws(ConfigError) -> ConfigValue.Content {
    cursor.advance()
    var values: [ConfigValue] = []
    while true {
      cursor.skipComments(lines: true)
      guard let byte = cursor.byte else { throw error("the bracket opened here is not closed", at: position) }
      if byte == UInt8(ascii: "]") { break }
      values.append(try value(of: "the list"))
      cursor.skipComments(lines: false)
      guard let byte = cursor.byte, byte != UInt8(ascii: "]") else { continue }
      guard byte == UInt8(ascii: ",") || byte.isLineEnd else {
        throw error(
          "a comma or the closing bracket is expected in a list, but \(cursor.character) was found: text with spaces needs quotes")
      }
      cursor.advance()
    }
    cursor.advance()
    return .array(values)
  }
}
