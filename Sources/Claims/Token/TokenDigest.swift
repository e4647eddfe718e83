import Crypto

/// The SHA-256 of a token's bytes: what tells two tokens apart. 32 bytes without storage of their own.
public struct TokenDigest: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The number of bytes: 32.
  public static let count = 32

  /// The bytes as four big-endian words.
  private let words: SIMD4<UInt64>

  /// A digest of 32 bytes; nil for any other number.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.count else { return nil }
    var words = SIMD4<UInt64>()
    for (index, byte) in bytes.enumerated() {
      words[index / 8] = words[index / 8] << 8 | UInt64(byte)
    }
    self.words = words
  }

  /// A digest of 32 bytes of memory; nil for any other number.
  public init?(_ buffer: UnsafeRawBufferPointer) {
    guard buffer.count == Self.count else { return nil }
    words = Self.words(buffer)
  }

  private init(_ digest: SHA256.Digest) {
    words = digest.withUnsafeBytes { Self.words($0) }
  }

  private static func words(_ bytes: UnsafeRawBufferPointer) -> SIMD4<UInt64> {
    var words = SIMD4<UInt64>()
    for index in 0..<4 {
      words[index] = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    return words
  }

  /// The digest of bytes.
  public static func of(_ bytes: UnsafeRawBufferPointer) -> TokenDigest {
    TokenDigest(SHA256.hash(data: bytes))
  }

  /// The 32 bytes.
  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// Gives the 32 bytes to `body`; the buffer must not be kept.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try Swift.withUnsafeBytes(of: (words[0].bigEndian, words[1].bigEndian, words[2].bigEndian, words[3].bigEndian), body)
  }

  /// The bytes as 64 lower-case hexadecimal digits.
  public var hex: String {
    String(unsafeUninitializedCapacity: 2 * Self.count) { text in
      for index in 0..<(2 * Self.count) {
        let digit = UInt8(truncatingIfNeeded: words[index / 16] >> UInt64(60 - 4 * (index % 16))) & 0xF
        text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      }
      return 2 * Self.count
    }
  }

  /// The hexadecimal digits.
  public var description: String { hex }

  /// The order of the bytes.
  public static func < (left: TokenDigest, right: TokenDigest) -> Bool {
    for index in 0..<4 where left.words[index] != right.words[index] {
      return left.words[index] < right.words[index]
    }
    return false
  }

  /// The digest of each byte combined by exclusive or, as packs are compared.
  public static func ^ (left: TokenDigest, right: TokenDigest) -> TokenDigest {
    TokenDigest(words: left.words ^ right.words)
  }

  /// 32 zero bytes, what no tokens at all combine to.
  public static let zero = TokenDigest(words: SIMD4())

  private init(words: SIMD4<UInt64>) {
    self.words = words
  }
}
