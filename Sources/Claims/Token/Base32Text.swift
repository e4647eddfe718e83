/// Base32 in RFC 4648's upper-case alphabet, for hashes.
enum Base32Text {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  /// Whether a character is one of the alphabet's.
  static func isDigit(_ character: UInt8) -> Bool { alphabet.contains(character) }

  /// The text of bytes, without padding.
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var pending: UInt32 = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      pending += 8
      while pending >= 5 {
        pending -= 5
        text.append(alphabet[Int(bits >> pending & 0x1F)])
      }
      bits &= 0xFF
    }
    if pending > 0 { text.append(alphabet[Int(bits << (5 - pending) & 0x1F)]) }
    return String(decoding: text, as: UTF8.self)
  }
}
