/// What a word without quotes means.
enum BareWord {
  /// Whether it is a bcrypt hash, which starts like a variable and is none.
  static func isPasswordHash(_ word: String) -> Bool {
    word.hasPrefix("$2a$") || word.hasPrefix("$2b$") || word.hasPrefix("$2y$")
  }

  /// A boolean, a number, a time or text.
  static func content(_ word: String, at position: ConfigPosition) throws(ConfigError) -> ConfigValue.Content {
    if let boolean = boolean(word) { return .boolean(boolean) }
    let digits = word.hasPrefix("-") ? word.dropFirst() : word[...]
    guard let first = digits.utf8.first else { throw ConfigError("a digit is expected after the minus sign", at: position) }
    if first == UInt8(ascii: ".") {
      throw ConfigError("a number starts with a digit, not with a point: write 0\(digits), or put text in quotes", at: position)
    }
    guard first.isDigit else {
      if word.hasPrefix("-") { throw ConfigError("a digit is expected after the minus sign: put text in quotes", at: position) }
      return .text(word)
    }
    if let integer = try integer(word, at: position) { return .integer(integer) }
    if let float = try float(word, at: position) { return .float(float) }
    if let time = try time(word, at: position) { return .time(time) }
    return .text(word)
  }

  /// The spellings of nats-server, in any case.
  static func boolean(_ word: String) -> Bool? {
    switch word.lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off": false
    default: nil
    }
  }

  /// Digits with a suffix of size or none: `k` is 1000, `kb`, `ki` and `kib` are 1024, and so on for `m`, `g`, `t`, `p` and `e`.
  private static func integer(_ word: String, at position: ConfigPosition) throws(ConfigError) -> Int64? {
    let number = word.prefix { $0 == "-" || $0.isASCIIDigit }
    guard let factor = factor(word[number.endIndex...].lowercased()) else { return nil }
    guard !number.dropFirst().contains("-") else { return nil }
    guard let value = Int64(number) else { throw ConfigError("the number \(word) is out of range", at: position) }
    let (product, overflow) = value.multipliedReportingOverflow(by: factor)
    if overflow { throw ConfigError("the number \(word) is out of range", at: position) }
    return product
  }

  private static func factor(_ suffix: String) -> Int64? {
    guard let unit = suffix.first else { return 1 }
    guard let power = "kmgtpe".firstIndex(of: unit).map({ "kmgtpe".distance(from: "kmgtpe".startIndex, to: $0) + 1 }) else { return nil }
    let base: Int64
    switch suffix.dropFirst() {
    case "": base = 1000
    case "b", "i", "ib": base = 1024
    default: return nil
    }
    return (0..<power).reduce(1) { product, _ in product * base }
  }

  /// Digits, a point, digits.
  private static func float(_ word: String, at position: ConfigPosition) throws(ConfigError) -> Double? {
    let parts = (word.hasPrefix("-") ? word.dropFirst() : word[...]).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].allSatisfy(\.isASCIIDigit), parts[1].allSatisfy(\.isASCIIDigit) else { return nil }
    if parts[1].isEmpty { throw ConfigError("a digit is expected after the point of \(word)", at: position) }
    return Double(word)
  }

  /// `2006-01-02T15:04:05Z`; what starts like a time and is none is an error, as in nats-server.
  private static func time(_ word: String, at position: ConfigPosition) throws(ConfigError) -> String? {
    let characters = Array(word)
    guard characters.count > 4, characters[..<4].allSatisfy(\.isASCIIDigit), characters[4] == "-" else { return nil }
    let pattern = Array("0000-00-00T00:00:00Z")
    let isTime = characters.count == pattern.count && zip(characters, pattern).allSatisfy { $1 == "0" ? $0.isASCIIDigit : $0 == $1 }
    guard isTime else {
      throw ConfigError("\(word) is no time in full UTC form such as 2006-01-02T15:04:05Z: put text in quotes", at: position)
    }
    return word
  }
}

extension UInt8 {
  /// 0 to 9.
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}

extension Character {
  /// 0 to 9.
  var isASCIIDigit: Bool { isASCII && isNumber }
}
