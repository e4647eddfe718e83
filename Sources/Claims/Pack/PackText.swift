import Nkeys

/// The text of a pack, written entry by entry.
public struct PackText: Sendable {
  static let separator = UInt8(ascii: "|")
  static let lineFeed = UInt8(ascii: "\n")

  /// The bytes so far.
  public private(set) var bytes: [UInt8] = []

  /// How many entries were written.
  public private(set) var count = 0

  /// An empty pack.
  public init() {}

  /// The pack of entries, in their order.
  public init(_ entries: some Sequence<PackEntry>) {
    for entry in entries { append(entry) }
  }

  /// Adds an entry behind the others.
  public mutating func append(_ entry: PackEntry) {
    append(key: entry.key.text, token: entry.token)
  }

  /// Adds an account behind the others.
  public mutating func append(_ account: AccountKey, _ token: Token) {
    append(key: account.text, token: token)
  }

  private mutating func append(key: String, token: Token) {
    if count > 0 { bytes.append(Self.lineFeed) }
    bytes.reserveCapacity(bytes.count + key.utf8.count + 1 + token.bytes.count)
    bytes.append(contentsOf: key.utf8)
    bytes.append(Self.separator)
    bytes.append(contentsOf: token.bytes)
    count += 1
  }
}
