/// How long an answer waits until nats-servers hold a change: `2s`, `500ms`, or a number of seconds.
struct DeliveryWait: Sendable, Equatable {
  let duration: Duration

  /// No answer waits longer.
  static let longest = Duration.seconds(60)
  /// What is expected, as errors say it.
  static let expectation = "must be how long to wait for the nats-servers, such as 2s or 500ms, a minute at most"

  /// Reads it; nil for anything else.
  init?(_ text: String) {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let count = Int64(digits), count <= 60_000 else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": duration = .milliseconds(count)
    case "s", "": duration = .seconds(count)
    default: return nil
    }
    guard duration <= Self.longest else { return nil }
  }
}
