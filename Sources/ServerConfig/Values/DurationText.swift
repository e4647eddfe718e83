/// Spans of time as Go and nats-server write them: `500ms`, `5s`, `1m30s`, `1.5h`; units are `ns`, `us`, `ms`, `s`, `m`, `h`, and `d` for days.
enum DurationText {
  /// Reads a span; nil when it is none. A negative one is none.
  static func duration(_ text: String) -> Duration? {
    var rest = text[...]
    var sum = Duration.zero
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCIIDigit || $0 == "." }
      rest = rest[number.endIndex...]
      let name = rest.prefix { !$0.isASCIIDigit && $0 != "." }
      rest = rest[name.endIndex...]
      guard let value = Double(number), value <= 1e9, let unit = units[String(name)] else { return nil }
      sum += unit * value
    }
    return sum
  }

  /// The span in the largest unit in which it is whole.
  static func text(_ duration: Duration) -> String {
    for (name, unit) in [("h", Duration.seconds(3600)), ("m", .seconds(60)), ("s", .seconds(1))] where duration >= unit {
      let count = duration / unit
      if count == count.rounded() { return "\(Int(count))\(name)" }
    }
    return "\(Int((duration / .milliseconds(1)).rounded()))ms"
  }

  private static let units: [String: Duration] = [
    "ns": .nanoseconds(1), "us": .microseconds(1), "µs": .microseconds(1), "ms": .milliseconds(1), "s": .seconds(1), "m": .seconds(60),
    "h": .seconds(3600), "d": .seconds(86_400),
  ]
}
