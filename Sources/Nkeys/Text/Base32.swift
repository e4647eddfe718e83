/// RFC 4648 base32, upper case and without padding, as canonical key text uses it.
enum Base32 {
  private static let alphabet: [UInt8] = [
    0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F, 0x50,
    0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
  ]

  /// The number of characters that hold `count` bytes.
  static func encodedCount(_ count: Int) -> Int { (count * 8 + 4) / 5 }

  /// Writes the text of `bytes`; `output` must have room for `encodedCount(bytes.count)` characters.
  static func encode(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
    alphabet.withUnsafeBufferPointer { alphabet in
      var pending: UInt32 = 0
      var pendingBits = 0
      var written = 0
      for byte in bytes {
        pending = pending << 8 | UInt32(byte)
        pendingBits += 8
        while pendingBits >= 5 {
          pendingBits -= 5
          output[written] = alphabet[Int(pending >> UInt32(pendingBits) & 31)]
          written += 1
        }
      }
      if pendingBits > 0 {
        output[written] = alphabet[Int(pending << UInt32(5 - pendingBits) & 31)]
      }
    }
  }

  /// Reads exactly `output.count` bytes from their one canonical text.
  ///
  /// False for another length, a character that is not of the alphabet, or unused bits that are not zero.
  static func decodeCanonical(_ text: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
    guard text.count == encodedCount(output.count) else { return false }
    var pending: UInt64 = 0
    var pendingBits: UInt64 = 0
    var seen: UInt8 = 0
    var written = 0
    base32Values.withUnsafeBufferPointer { values in
      for character in text {
        let value = values[Int(character)]
        seen |= value
        pending = pending << 5 | UInt64(value & 31)
        pendingBits += 5
        if pendingBits >= 8 {
          pendingBits -= 8
          output[written] = UInt8(truncatingIfNeeded: pending >> pendingBits)
          written += 1
        }
      }
    }
    let unusedBits = pending & (1 << pendingBits - 1)
    return seen < 32 && unusedBits == 0
  }
}

/// The value of each character, 255 for those that are not of the alphabet.
let base32Values: [UInt8] = [
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 26, 27, 28, 29, 30, 31, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
  15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
]
