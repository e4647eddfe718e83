import Foundation

/// How a second since 1970 is written for people: `2026-11-22 09:01:12 UTC`.
public enum Timestamp {
  /// The text of a second.
  public static func text(_ seconds: Int64) -> String {
    let date = Date(timeIntervalSince1970: TimeInterval(seconds))
    return date.formatted(
      .verbatim(
        "\(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) UTC",
        timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
  }
}
