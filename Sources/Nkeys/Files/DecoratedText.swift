/// The text that key and credentials files are made of: blocks between lines of dashes, the token's first and the seed's second.
///
/// A file may also hold a bare token or a bare seed on a line of its own.
public enum DecoratedText {
  /// The reference has two readers, which differ in the end of the last block and in the wording of errors.
  public enum Dialect: Sendable {
    /// As in the nkeys library: the closing line of a block ends with a line end.
    case nkeys
    /// As in the jwt library: the closing line may also be the end of the text.
    case jwt
  }

  /// The content of the first block, or the whole text when there is none.
  public static func token(in text: String, dialect: Dialect = .jwt) -> String {
    var text = text
    return text.withUTF8 { utf8 in
      let bytes = UnsafeRawBufferPointer(utf8)
      let token = DecoratedBlocks(bytes, dialect: dialect).contents.first ?? 0..<bytes.count
      return String(decoding: bytes[token], as: UTF8.self)
    }
  }

  /// The key pair of the seed in the text.
  ///
  /// The seed is the second block's content, or without a second block the first line that begins like the seed of an
  /// operator, account or user. Throws `noSeedFound`, `notASeed`, or why the seed is refused.
  public static func keyPair(in text: String, dialect: Dialect = .jwt) throws(NkeyError) -> KeyPair {
    try text.withUTF8Bytes { (bytes) throws(NkeyError) in try keyPair(utf8: bytes, dialect: dialect) }
  }

  /// The key pair of the seed in a text that lies in memory the caller wipes, see `keyPair(in:dialect:)`.
  public static func keyPair(utf8 bytes: UnsafeRawBufferPointer, dialect: Dialect = .jwt) throws(NkeyError) -> KeyPair {
    let blocks = DecoratedBlocks(bytes, dialect: dialect)
    guard let range = blocks.contents.dropFirst().first ?? blocks.lineOfSeed else { throw .noSeedFound(dialect) }
    let seed = UnsafeRawBufferPointer(rebasing: bytes[range])
    guard DecoratedBlocks.beginsLikeSeed(seed) else { throw .notASeed(dialect) }
    return try KeyPair(seedUTF8: seed)
  }

  /// The key pair of the seed in the text, which must be a user's.
  ///
  /// Throws what `keyPair(in:dialect:)` throws, and `notAUserSeed`.
  public static func userKeyPair(in text: String, dialect: Dialect = .jwt) throws(NkeyError) -> KeyPair {
    let pair = try keyPair(in: text, dialect: dialect)
    guard pair.role == .user else { throw .notAUserSeed(dialect) }
    return pair
  }

  /// The text of the seed in a file, see `keyPair(in:dialect:)`.
  public static func seed(in text: String, dialect: Dialect = .jwt) throws(NkeyError) -> SecretText {
    try keyPair(in: text, dialect: dialect).seedText()
  }
}

extension NkeyError {
  fileprivate static func noSeedFound(_ dialect: DecoratedText.Dialect) -> Self {
    Self(.noSeedFound, dialect.wording("no nkey seed found"))
  }

  fileprivate static func notASeed(_ dialect: DecoratedText.Dialect) -> Self {
    Self(.notASeed, dialect.wording("doesn't contain a seed nkey"))
  }

  fileprivate static func notAUserSeed(_ dialect: DecoratedText.Dialect) -> Self {
    Self(.notAUserSeed, dialect.wording("doesn't contain an user seed nkey"))
  }
}

extension DecoratedText.Dialect {
  fileprivate func wording(_ text: String) -> String {
    switch self {
    case .nkeys: "nkeys: \(text)"
    case .jwt: text
    }
  }
}
