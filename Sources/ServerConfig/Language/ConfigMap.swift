/// The keys and values between braces, or of a whole file, in the order in which they stand.
public struct ConfigMap: Sendable, Hashable {
  /// A key and its value.
  public struct Entry: Sendable, Hashable {
    /// The key as it is written.
    public let key: String
    /// Where the key stands.
    public let position: ConfigPosition
    /// Its value.
    public let value: ConfigValue
    /// Whether a variable took its value: such a key needs no meaning of its own.
    public internal(set) var isVariable = false
  }

  /// The entries. A key may stand here more than once: the last one holds.
  public internal(set) var entries: [Entry] = []

  /// An empty map.
  public init() {}

  /// Notes that a variable takes the value of a key, and gives the value; nil when there is no such key before.
  mutating func takeVariable(_ name: String) -> ConfigValue? {
    guard let index = entries.lastIndex(where: { $0.key == name }) else { return nil }
    entries[index].isVariable = true
    return entries[index].value
  }
}
