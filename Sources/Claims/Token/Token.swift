/// The bytes of a compact JWT, exactly as they were received. Nothing has been checked.
public struct Token: Hashable, Sendable, CustomStringConvertible {
  /// The largest token that the reference decodes, in bytes.
  public static let maximumSize = 1_048_576

  /// The bytes.
  public let bytes: [UInt8]

  /// A token of bytes.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A token of a text.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The text; bytes that are not UTF-8 show as U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The SHA-256 of the bytes, computed at each call.
  public var digest: TokenDigest {
    bytes.withUnsafeBytes { TokenDigest.of($0) }
  }

  /// The token without the one line feed that editors and `curl --data-binary @file` leave at the end.
  public var withoutTrailingLineFeed: Token {
    bytes.last == UInt8(ascii: "\n") ? Token(Array(bytes.dropLast())) : self
  }

  /// Says how long the token is; a token may hold what should not stand in a log.
  public var description: String { "token of \(bytes.count) bytes" }
}
