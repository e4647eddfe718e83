import ClaimsRegistry

/// Times as nats-servers write them: RFC 3339 in UTC, with up to nine digits behind the second.
public enum EventTime {
  /// The time in one width, with milliseconds; another text only made fit for a line.
  public static func text(_ time: String) -> String {
    guard let (second, fraction) = parts(time) else { return PlainText.line(time, limit: 40) }
    return "\(second).\((fraction + "000").prefix(3))Z"
  }

  /// The milliseconds since 1970; nil for a text that is no such time.
  public static func milliseconds(_ time: String) -> Int64? {
    guard parts(time) != nil else { return nil }
    return TimePoint(text(time), now: 0)?.milliseconds
  }

  private static func parts(_ time: String) -> (second: Substring, fraction: String)? {
    guard let match = time.wholeMatch(of: #/([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?Z/#) else {
      return nil
    }
    return (match.1, match.2.map(String.init) ?? "")
  }
}
