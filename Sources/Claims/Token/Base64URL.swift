/// Base64 with the URL alphabet and without padding.
enum Base64URL {
  /// What a lenient reading came across.
  struct Quirks: OptionSet {
    let rawValue: UInt8
    /// Line breaks between the characters.
    static let lineBreaks = Quirks(rawValue: 1)
    /// Unused bits of the last character that are not zero.
    static let looseBits = Quirks(rawValue: 2)
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static let none: UInt8 = 0xFF

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: none, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The bytes of a text, read as the reference does: line breaks are skipped and unused bits ignored.
  ///
  /// Throws `base64` with the reference's text for any other character and for a single character at the end.
  static func decode(_ text: UnsafeBufferPointer<UInt8>) throws(ClaimsError) -> (bytes: [UInt8], quirks: Quirks) {
    var quirks: Quirks = []
    var offender: Int?
    let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { output, count in
      values.withUnsafeBufferPointer { values in
        let plain = decodePlain(text, values, into: output)
        count = plain / 4 * 3
        var bits: UInt32 = 0
        var pending = 0
        for index in plain..<text.count {
          let value = values[Int(text[index])]
          guard value != none else {
            guard text[index] == 0x0A || text[index] == 0x0D else {
              offender = index
              return
            }
            quirks.insert(.lineBreaks)
            continue
          }
          bits = bits << 6 | UInt32(value)
          pending += 1
          if pending == 4 {
            output[count] = UInt8(truncatingIfNeeded: bits >> 16)
            output[count + 1] = UInt8(truncatingIfNeeded: bits >> 8)
            output[count + 2] = UInt8(truncatingIfNeeded: bits)
            count += 3
            pending = 0
            bits = 0
          }
        }
        switch pending {
        case 1: offender = text.count - 1
        case 2:
          output[count] = UInt8(truncatingIfNeeded: bits >> 4)
          count += 1
          if bits & 0xF != 0 { quirks.insert(.looseBits) }
        case 3:
          output[count] = UInt8(truncatingIfNeeded: bits >> 10)
          output[count + 1] = UInt8(truncatingIfNeeded: bits >> 2)
          count += 2
          if bits & 0x3 != 0 { quirks.insert(.looseBits) }
        default: break
        }
      }
    }
    if let offender { throw ClaimsError(.base64, "illegal base64 data at input byte \(offender)") }
    return (bytes, quirks)
  }

  /// Decodes four characters at a time, up to the first four that are not all of the alphabet, and gives how many characters that were.
  private static func decodePlain(
    _ text: UnsafeBufferPointer<UInt8>, _ values: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var (index, count) = (0, 0)
    while index + 4 <= text.count {
      let (first, second) = (values[Int(text[index])], values[Int(text[index + 1])])
      let (third, fourth) = (values[Int(text[index + 2])], values[Int(text[index + 3])])
      guard first | second | third | fourth < 64 else { break }
      output[count] = first << 2 | second >> 4
      output[count + 1] = second << 4 | third >> 2
      output[count + 2] = third << 6 | fourth
      index += 4
      count += 3
    }
    return index
  }

  /// The text of bytes.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let count = encodedCount(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: count) { text, written in
      bytes.withUnsafeBufferPointer { encode($0[...], into: text[..<count]) }
      written = count
    }
  }

  /// The number of characters that hold `count` bytes.
  static func encodedCount(_ count: Int) -> Int { (count * 4 + 2) / 3 }

  /// Writes the text of bytes, for which `text` has exactly the room.
  static func encode(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, into text: Slice<UnsafeMutableBufferPointer<UInt8>>) {
    let bytes = UnsafeBufferPointer(rebasing: bytes)
    let text = UnsafeMutableBufferPointer(rebasing: text)
    alphabet.withUnsafeBufferPointer { alphabet in
      var written = 0
      var index = 0
      while index + 3 <= bytes.count {
        let bits = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
        text[written] = alphabet[Int(bits >> 18)]
        text[written + 1] = alphabet[Int(bits >> 12 & 0x3F)]
        text[written + 2] = alphabet[Int(bits >> 6 & 0x3F)]
        text[written + 3] = alphabet[Int(bits & 0x3F)]
        index += 3
        written += 4
      }
      let rest = bytes.count - index
      guard rest > 0 else { return }
      let bits = UInt32(bytes[index]) << 16 | (rest == 2 ? UInt32(bytes[index + 1]) << 8 : 0)
      for digit in 0...rest { text[written + digit] = alphabet[Int(bits >> UInt32(18 - 6 * digit) & 0x3F)] }
    }
  }
}
