/// Key text read as the reference library reads it: line breaks skipped, unused bits ignored, any length.
extension KeyText {
  /// Gives the prefix and payload bytes without the checksum, two at least, to `body`; they are wiped afterwards.
  ///
  /// Throws `illegalBase32`, `invalidEncoding` or `invalidChecksum`, in this order.
  static func withDecodedLenient<R>(
    _ text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(NkeyError) -> R
  ) throws(NkeyError) -> R {
    try withWipedMemory(text.count * 5 / 8 + 1) { (bytes) throws(NkeyError) in
      let count = try decodeLenient(text, into: bytes)
      guard count >= 4 else { throw .invalidEncoding }
      guard Checksum.closes(UnsafeRawBufferPointer(rebasing: bytes[..<count])) else { throw .invalidChecksum }
      return try body(UnsafeRawBufferPointer(rebasing: bytes[..<(count - 2)]))
    }
  }

  /// Writes the bytes of base32 text, line breaks skipped, and returns their number.
  private static func decodeLenient(_ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer) throws(NkeyError) -> Int {
    var pending: UInt64 = 0
    var groupCount = 0
    var offset = 0
    var written = 0
    for character in text where character != 0x0A && character != 0x0D {
      let value = base32Values[Int(character)]
      guard value < 32 else { throw .illegalBase32(at: offset) }
      offset += 1
      pending = pending << 5 | UInt64(value)
      groupCount += 1
      if groupCount == 8 {
        written += write(pending, characters: 8, into: bytes, at: written)
        groupCount = 0
      }
    }
    // No bytes end inside a group of 1, 3 or 6 characters. The reference drops such a group instead of refusing it.
    if [2, 4, 5, 7].contains(groupCount) {
      written += write(pending << UInt64(5 * (8 - groupCount)), characters: groupCount, into: bytes, at: written)
    }
    return written
  }

  /// Writes the whole bytes in the first characters of a group of 40 bits, and returns their number.
  private static func write(_ group: UInt64, characters: Int, into bytes: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
    let count = characters * 5 / 8
    for index in 0..<count { bytes[start + index] = UInt8(truncatingIfNeeded: group >> UInt64(32 - 8 * index)) }
    return count
  }

  /// Gives the role and the raw seed of a seed's text to `body`, whatever its length; the bytes are wiped afterwards.
  ///
  /// Throws what `withDecodedLenient` throws, or `invalidSeed`.
  static func withSeedLenient<R>(
    _ text: UnsafeRawBufferPointer, _ body: (Role, UnsafeRawBufferPointer) throws(NkeyError) -> R
  ) throws(NkeyError) -> R {
    try withDecodedLenient(text) { (bytes) throws(NkeyError) in
      guard let role = role(ofSeed: bytes[0], bytes[1]) else { throw .invalidSeed }
      return try body(role, UnsafeRawBufferPointer(rebasing: bytes[2...]))
    }
  }

  /// Why text that the reference reads is not the canonical text of a key: `payloadCount` is the number of bytes it holds.
  static func violation(in text: UnsafeRawBufferPointer, payloadCount: Int) -> NkeyError {
    if payloadCount != RawKey.count { return .notCanonical("it holds \(payloadCount) bytes instead of \(RawKey.count)") }
    if text.contains(where: { $0 == 0x0A || $0 == 0x0D }) { return .notCanonical("it holds a line break") }
    if text.count % 8 == 1 || text.count % 8 == 3 || text.count % 8 == 6 { return .notCanonical("it has surplus characters") }
    return .notCanonical("unused bits are set")
  }
}
