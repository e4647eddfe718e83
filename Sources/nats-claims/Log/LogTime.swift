import Glibc
import Synchronization

/// Times as the log writes them.
enum LogTime {
  /// Now.
  static var now: timespec {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time
  }

  /// Local time as nats-server writes it: `2006/01/02 15:04:05.000000`.
  static func text(_ time: timespec) -> String {
    local.text(time.tv_sec) + fraction(time)
  }

  /// UTC as RFC 3339 has it: `2006-01-02T15:04:05.000000Z`.
  static func utc(_ time: timespec) -> String {
    universal.text(time.tv_sec) + fraction(time) + "Z"
  }

  private static func fraction(_ time: timespec) -> String {
    let digits = String(time.tv_nsec / 1000)
    return "." + String(repeating: "0", count: 6 - digits.count) + digits
  }

  private static let local = SecondText(format: "%Y/%m/%d %H:%M:%S", isLocal: true)
  private static let universal = SecondText(format: "%Y-%m-%dT%H:%M:%S", isLocal: false)
}

/// The text of a second, made once a second.
private final class SecondText: Sendable {
  private let format: String
  private let isLocal: Bool
  private let cached = Mutex<(second: time_t, text: String)>((-1, ""))

  init(format: String, isLocal: Bool) {
    self.format = format
    self.isLocal = isLocal
  }

  func text(_ now: time_t) -> String {
    cached.withLock { cached in
      if cached.second != now { cached = (now, make(now)) }
      return cached.text
    }
  }

  private func make(_ second: time_t) -> String {
    var second = second
    var parts = tm()
    _ = isLocal ? localtime_r(&second, &parts) : gmtime_r(&second, &parts)
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, format, &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
