/// A number of bytes as options take it: `1048576`, `512KiB`, `16MiB`, `1GiB`.
public struct ByteSize: Sendable, Hashable, CustomStringConvertible {
  /// The bytes.
  public let bytes: Int

  /// A number of bytes.
  public init(bytes: Int) {
    self.bytes = bytes
  }

  /// Reads a size; nil when it is no whole number of bytes, KiB, MiB or GiB, or too large for this machine.
  public init?(_ text: String) {
    let unit = Self.units.first { text.hasSuffix($0.name) } ?? (name: "", bytes: 1)
    let digits = text.dropLast(unit.name.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(digits)
    else { return nil }
    let (bytes, overflows) = number.multipliedReportingOverflow(by: unit.bytes)
    guard !overflows else { return nil }
    self.bytes = bytes
  }

  private static let units = [(name: "KiB", bytes: 1 << 10), (name: "MiB", bytes: 1 << 20), (name: "GiB", bytes: 1 << 30)]

  /// The size in the largest unit that it is a multiple of.
  public var description: String {
    guard bytes > 0, let unit = Self.units.last(where: { bytes % $0.bytes == 0 }) else { return "\(bytes)" }
    return "\(bytes / unit.bytes)\(unit.name)"
  }
}
