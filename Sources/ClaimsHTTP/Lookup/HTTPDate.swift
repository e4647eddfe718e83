import Claims
import Synchronization

/// The text of the Date header (RFC 9110, 5.6.7), made once a second.
final class HTTPDate: Sendable {
  private let cached = Mutex<(second: Int64, text: String)>((-1, ""))

  /// The text of a second since 1970.
  func text(_ now: Int64) -> String {
    cached.withLock { cached in
      if cached.second != now { cached = (now, Self.format(now)) }
      return cached.text
    }
  }

  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  static func format(_ seconds: Int64) -> String {
    let date = CivilDate(secondsSince1970: seconds)
    let time = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(twoDigits).joined(separator: ":")
    return "\(days[Int(seconds / 86_400 % 7)]), \(twoDigits(date.day)) \(months[Int(date.month - 1)]) \(date.year) \(time) GMT"
  }

  private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
