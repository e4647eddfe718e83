/// The text form all keys share: base32 of a prefix, a payload and a checksum.
enum KeyText {
  /// The prefix byte of seeds (`S`), in its upper five bits.
  static let seedPrefix: UInt8 = 18 << 3
  /// The prefix byte of private keys (`P`).
  static let privatePrefix: UInt8 = 15 << 3

  /// Gives the characters of prefix and payload bytes to `body`; they are wiped afterwards.
  static func withEncoded<R>(
    prefix: [UInt8], payload: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(NkeyError) -> R
  ) throws(NkeyError) -> R {
    let count = prefix.count + payload.count
    return try withWipedMemory(count + 2) { (bytes) throws(NkeyError) in
      bytes.copyBytes(from: prefix)
      UnsafeMutableRawBufferPointer(rebasing: bytes[prefix.count..<count]).copyMemory(from: payload)
      Checksum.close(bytes)
      return try withWipedMemory(Base32.encodedCount(count + 2)) { (text) throws(NkeyError) in
        Base32.encode(UnsafeRawBufferPointer(bytes), into: text)
        return try body(UnsafeRawBufferPointer(text))
      }
    }
  }

  /// The two bytes in front of a seed: the seed's prefix in five bits, then the role's in eight.
  static func seedPrefix(for role: Role) -> [UInt8] {
    [seedPrefix | role.prefixByte >> 5, (role.prefixByte & 31) << 3]
  }

  /// The role that the first two bytes of a seed name; nil when they are not a seed's. The three spare bits are not looked at.
  static func role(ofSeed first: UInt8, _ second: UInt8) -> Role? {
    guard first & 0xF8 == seedPrefix else { return nil }
    return Role(prefixByte: (first & 7) << 5 | second >> 3)
  }
}
