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

  /// The civil date by the usual reckoning from days since 1970 (years begin in March, so that leap days come last).
  static func format(_ seconds: Int64) -> String {
    let day = seconds / 86_400
    let second = seconds % 86_400
    let shifted = day + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let time = [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined(separator: ":")
    return "\(days[Int(day % 7)]), \(twoDigits(dayOfMonth)) \(months[Int(month - 1)]) \(year) \(time) GMT"
  }

  private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
