import Claims
import Foundation

/// A time as people write it: seconds since 1970, RFC 3339, a day, or how long ago.
public struct TimePoint: Sendable, Hashable {
  /// Milliseconds since 1970.
  public let milliseconds: Int64

  /// The seconds since 1970 that are times here: the years 0 to 9999, which RFC 3339 can write.
  private static let seconds: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// Reads a time; nil for a text that is none, or that lies outside of the years 0 to 9999.
  ///
  /// - Parameters:
  ///   - text: `1795338072`, `2026-11-22T09:01:12Z`, `2026-11-22`, or `15m` for fifteen minutes ago.
  ///   - now: the present, in milliseconds since 1970.
  public init?(_ text: String, now: Int64) {
    if let ago = Self.duration(text) {
      let (time, isTooLong) = now.subtractingReportingOverflow(ago)
      guard !isTooLong, Self.seconds.contains(time / 1000) else { return nil }
      milliseconds = time
    } else if let seconds = Int64(text) {
      guard Self.seconds.contains(seconds) else { return nil }
      milliseconds = seconds * 1000
    } else if let time = Self.date(text) {
      milliseconds = time
    } else {
      return nil
    }
  }

  /// A time as JSON and people's lines have it: RFC 3339 with milliseconds.
  public static func text(milliseconds: Int64) -> String {
    let part = ((milliseconds % 1000) + 1000) % 1000
    // Rounded down; the first moment of all has nothing below it to subtract from.
    let whole = milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0)
    let digits = String(repeating: "0", count: 3 - String(part).count) + String(part)
    // The one form of seconds that the program has, "2026-11-22 09:01:12 UTC", turned into the standard's.
    let seconds = Timestamp.text(whole)
    return seconds.replacing(" UTC", with: ".\(digits)Z").replacing(" ", with: "T")
  }

  private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]

  /// The milliseconds of a span such as `90s`, `15m`, `12h`, `30d` or `2w`; nil for another text.
  public static func duration(_ text: String) -> Int64? {
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0 else { return nil }
    let (span, isTooLong) = count.multipliedReportingOverflow(by: unit * 1000)
    return isTooLong ? nil : span
  }

  private static func date(_ text: String) -> Int64? {
    let full = text.count == 10 ? text + "T00:00:00Z" : text.replacing(" ", with: "T")
    for hasFraction in [false, true] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction)
      if let date = try? style.parse(full) { return Int64((date.timeIntervalSince1970 * 1000).rounded()) }
    }
    return nil
  }
}
