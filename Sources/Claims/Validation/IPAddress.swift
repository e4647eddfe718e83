/// Internet addresses and networks as the reference reads them. Zones are not accepted.
enum IPAddress {
  /// Whether the text is an address, a slash and a prefix length that is not too long for it.
  static func isNetwork(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return false }
    let length = bytes[(slash + 1)...]
    guard !length.isEmpty, length.allSatisfy({ digit($0) != nil }) else { return false }
    let address = Substring(decoding: bytes[..<slash], as: UTF8.self)
    let significant = length.drop { $0 == UInt8(ascii: "0") }
    guard significant.count <= 3 else { return false }
    let bits = significant.reduce(0) { $0 * 10 + Int(digit($1) ?? 0) }
    if isVersion4(address) { return bits <= 32 }
    return isVersion6(address) && bits <= 128
  }

  /// Four decimal numbers up to 255 without leading zeros.
  static func isVersion4(_ text: Substring) -> Bool {
    let fields = Array(text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return fields.count == 4
      && fields.allSatisfy { field in
        guard (1...3).contains(field.count), field.allSatisfy({ digit($0) != nil }) else { return false }
        if field.count > 1 && field.first == UInt8(ascii: "0") { return false }
        return field.reduce(0) { $0 * 10 + Int(digit($1) ?? 0) } <= 255
      }
  }

  /// Eight hexadecimal groups, of which one run of at least one may be written `::` and the last two as version 4.
  static func isVersion6(_ text: Substring) -> Bool {
    guard let gap = text.firstRange(of: "::") else { return groups(text, mayEndInVersion4: true) == 8 }
    guard let front = groups(text[..<gap.lowerBound], mayEndInVersion4: false),
      let back = groups(text[gap.upperBound...], mayEndInVersion4: true)
    else { return false }
    return front + back <= 7
  }

  /// The number of 16-bit groups; nil when the text is not a list of groups. Nothing at all is no groups.
  private static func groups(_ text: Substring, mayEndInVersion4: Bool) -> Int? {
    if text.isEmpty { return 0 }
    var fields = text.split(separator: ":", omittingEmptySubsequences: false)
    var count = 0
    if mayEndInVersion4, let last = fields.last, last.contains(".") {
      guard isVersion4(last) else { return nil }
      fields.removeLast()
      count = 2
    }
    for field in fields {
      guard (1...4).contains(field.count), field.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
      count += 1
    }
    return count
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? byte - UInt8(ascii: "0") : nil
  }
}
