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

  private static func parts(_ time: String) -> (second: Substring, fraction: Substring)? {
    let bytes = Array(time.utf8)
    guard (20...30).contains(bytes.count), bytes.last == UInt8(ascii: "Z") else { return nil }
    // A nought stands for any digit.
    let isTime = zip(bytes, "0000-00-00T00:00:00".utf8).allSatisfy { byte, form in
      form == UInt8(ascii: "0") ? isDigit(byte) : byte == form
    }
    let fraction = bytes.dropFirst(20).dropLast()
    guard isTime, bytes.count == 20 || bytes[19] == UInt8(ascii: ".") && !fraction.isEmpty && fraction.allSatisfy(isDigit) else {
      return nil
    }
    return (time.prefix(19), time.dropFirst(20).dropLast())
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
