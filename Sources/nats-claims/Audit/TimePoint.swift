import ArgumentParser
import Claims
import ClaimsRegistry
import Foundation

/// A time on the command line: seconds since 1970, RFC 3339, a day, or how long ago.
struct TimePoint: ExpressibleByArgument {
  /// Milliseconds since 1970.
  let milliseconds: Int64

  init?(argument: String) {
    self.init(argument, now: WallClock.system.milliseconds())
  }

  init?(_ text: String, now: Int64) {
    if let ago = Self.duration(text) {
      milliseconds = now &- ago
    } else if let seconds = Int64(text) {
      milliseconds = seconds.multipliedReportingOverflow(by: 1000).partialValue
    } else if let time = Self.date(text) {
      milliseconds = time
    } else {
      return nil
    }
  }

  /// A time as `--json` and people's lines have it: RFC 3339 with milliseconds.
  static func text(milliseconds: Int64) -> String {
    let part = ((milliseconds % 1000) + 1000) % 1000
    let digits = String(repeating: "0", count: 3 - String(part).count) + String(part)
    // The one form of seconds that the program has, "2026-11-22 09:01:12 UTC", turned into the standard's.
    let seconds = Timestamp.text((milliseconds - part) / 1000)
    return seconds.replacing(" UTC", with: ".\(digits)Z").replacing(" ", with: "T")
  }

  private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]

  private static func duration(_ text: String) -> Int64? {
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
