/// A number of bytes as options take it: `65536`, `512KiB`, `16MiB`, `1GiB`; `K`, `M` and `G`, with or without a B, mean the same units of 1024.
public struct ByteSize: Sendable, Hashable, CustomStringConvertible {
  /// The bytes.
  public let bytes: Int

  /// Takes a number of bytes.
  public init(bytes: Int) {
    self.bytes = bytes
  }

  /// Reads a size; nil when it is none, negative or too large.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).lowercased().trimmingPrefix(" ")
    let factors = ["": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
    let name = unit.count > 2 && unit.hasSuffix("ib") ? unit.dropLast(2) : unit.count > 1 && unit.hasSuffix("b") ? unit.dropLast() : unit
    guard let number = Int(digits), let factor = factors[String(name)] else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.bytes = bytes
  }

  /// The bytes as a number.
  public var description: String { "\(bytes)" }
}
