/// A span of time in whole nanoseconds, as claims write it.
public struct ClaimsDuration: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number of nanoseconds; it may be negative.
  public var nanoseconds: Int64

  /// A span of nanoseconds.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// A span of the standard library, cut to whole nanoseconds; nil when it is too long for 64 bits.
  public init?(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    guard !overflow, !carry else { return nil }
    nanoseconds = sum
  }

  /// The span as the standard library knows it.
  public var duration: Duration { .nanoseconds(nanoseconds) }

  /// The span with its unit.
  public var description: String { duration.description }

  /// Orders by length.
  public static func < (left: ClaimsDuration, right: ClaimsDuration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension ClaimsDuration: JSONMember {
  init() { nanoseconds = 0 }

  var isEmptyMember: Bool { nanoseconds == 0 }

  mutating func read(_ json: JSONCursor) throws(ClaimsError) { try nanoseconds.read(json) }

  func write(to json: inout JSONWriter) { json.integer(nanoseconds) }
}
