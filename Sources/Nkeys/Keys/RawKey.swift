/// The 32 bytes of a key as a value without heap storage.
public struct RawKey: Hashable, Sendable {
  /// The number of bytes: 32.
  public static let count = 32

  /// The bytes in memory order, eight to a word.
  let words: (UInt64, UInt64, UInt64, UInt64)

  /// Takes exactly 32 bytes; nil for any other number.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.count else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    Swift.withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    self.words = words
  }

  /// Takes exactly 32 bytes of memory; nil for any other number.
  public init?(_ buffer: UnsafeRawBufferPointer) {
    guard buffer.count == Self.count else { return nil }
    words = (
      buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self), buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
      buffer.loadUnaligned(fromByteOffset: 16, as: UInt64.self), buffer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    )
  }

  /// The 32 bytes as an array.
  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// Gives the 32 bytes to `body`; the buffer must not be kept.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try Swift.withUnsafeBytes(of: words, body)
  }

  /// True when all 32 bytes are the same.
  public static func == (left: RawKey, right: RawKey) -> Bool {
    left.words == right.words
  }

  /// Feeds the 32 bytes to the hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension RawKey: Comparable {
  /// Orders by bytes, the first byte being the most significant.
  public static func < (left: RawKey, right: RawKey) -> Bool {
    (left.words.0.bigEndian, left.words.1.bigEndian, left.words.2.bigEndian, left.words.3.bigEndian)
      < (right.words.0.bigEndian, right.words.1.bigEndian, right.words.2.bigEndian, right.words.3.bigEndian)
  }
}
