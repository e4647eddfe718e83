/// Writes doubles as the reference does: the shortest digits that read back the same, with an exponent only for very small and very
/// large values.
enum JSONNumber {
  /// The text of a finite double.
  static func text(_ value: Double) -> String {
    let magnitude = value.magnitude
    let sign = value.sign == .minus ? "-" : ""
    guard magnitude != 0 else { return sign + "0" }
    let (digits, point) = decimal(magnitude)
    if magnitude < 1e-6 || magnitude >= 1e21 {
      let exponent = point - 1
      let fraction = digits.count > 1 ? "." + String(decoding: digits.dropFirst(), as: UTF8.self) : ""
      let first = String(decoding: digits.prefix(1), as: UTF8.self)
      return "\(sign)\(first)\(fraction)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
    }
    if point <= 0 {
      return sign + "0." + String(repeating: "0", count: -point) + String(decoding: digits, as: UTF8.self)
    }
    if point >= digits.count {
      return sign + String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: point - digits.count)
    }
    return sign + String(decoding: digits[..<point], as: UTF8.self) + "." + String(decoding: digits[point...], as: UTF8.self)
  }

  /// The shortest digits without zeros at either end, and where the point stands: `0.digits × 10^point`.
  private static func decimal(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point = 0
    var exponent = 0
    var seenPoint = false
    var text = magnitude.description[...]
    if let mark = text.firstIndex(of: "e") {
      exponent = Int(text[text.index(after: mark)...]) ?? 0
      text = text[..<mark]
    }
    for byte in text.utf8 {
      if byte == UInt8(ascii: ".") {
        seenPoint = true
      } else {
        if digits.isEmpty && byte == UInt8(ascii: "0") {
          if seenPoint { point -= 1 }
          continue
        }
        digits.append(byte)
        if !seenPoint { point += 1 }
      }
    }
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, point + exponent)
  }
}
