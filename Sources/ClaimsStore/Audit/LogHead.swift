/// Where a log ended at some time: whoever keeps it can tell later whether the log still passes through it.
public struct LogHead: Sendable, Hashable, CustomStringConvertible {
  /// The record.
  public let sequence: Int64
  /// Its chain value, or the first bytes of it.
  public let chain: [UInt8]

  /// Creates a head.
  public init(sequence: Int64, chain: [UInt8]) {
    self.sequence = sequence
    self.chain = chain
  }

  /// Reads `SEQUENCE:HASH`, the hash in hexadecimal digits, all 64 or the first of them, at least 16; nil when it is nothing like that.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let sequence = Int64(parts[0]), sequence >= 0, let chain = Self.bytes(parts[1]), (8...32).contains(chain.count)
    else { return nil }
    self.init(sequence: sequence, chain: chain)
  }

  /// `SEQUENCE:HASH`.
  public var description: String { "\(sequence):\(Self.hex(chain))" }

  /// Bytes as lower-case hexadecimal digits.
  public static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func bytes(_ digits: Substring) -> [UInt8]? {
    let digits = Array(digits.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 2) {
      let pair = digits[start..<start + 2].map { Character(Unicode.Scalar($0)).hexDigitValue }
      guard let high = pair[0], let low = pair[1] else { return nil }
      bytes.append(UInt8(16 * high + low))
    }
    return bytes
  }
}
