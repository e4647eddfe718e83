/// A value of the NATS configuration language, and where it stands.
public struct ConfigValue: Sendable, Hashable {
  /// What a value is.
  public enum Content: Sendable, Hashable {
    /// Text: quoted, bare or a block.
    case text(String)
    /// A whole number, its suffix of size reckoned in.
    case integer(Int64)
    /// A number with a fraction.
    case float(Double)
    /// `true`, `yes`, `on`, `false`, `no` or `off`.
    case boolean(Bool)
    /// A time in UTC, as `2006-01-02T15:04:05Z`.
    case time(String)
    /// Values in brackets.
    case array([ConfigValue])
    /// Keys and values in braces.
    case map(ConfigMap)
  }

  /// What it is.
  public let content: Content
  /// Where it starts; of a variable's value, where the variable is named.
  public let position: ConfigPosition
  /// How a number is written, which tells five minutes (`5m`) from five million.
  let word: String?

  /// Creates a value.
  public init(_ content: Content, at position: ConfigPosition) {
    self.init(content, at: position, word: nil)
  }

  init(_ content: Content, at position: ConfigPosition, word: String?) {
    self.content = content
    self.position = position
    self.word = word
  }

  /// The same value as it stands elsewhere.
  func moved(to position: ConfigPosition) -> ConfigValue { ConfigValue(content, at: position, word: word) }

  /// The value for messages: short, and of lists and maps only the kind.
  var shown: String {
    switch content {
    case .text(let text): "\"\(text.prefix(80))\""
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .boolean(let value): "\(value)"
    case .time(let text): text
    case .array: "a list"
    case .map: "a map"
    }
  }
}
