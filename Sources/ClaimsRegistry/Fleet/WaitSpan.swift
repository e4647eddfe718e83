/// How long to wait until nats-servers hold a change: `2s`, `500ms`, or a number of seconds; a minute at most.
public struct WaitSpan: Sendable, Hashable {
  /// The time in milliseconds.
  public let milliseconds: Int64

  /// What is waited when nothing is said.
  public static let standard = WaitSpan(milliseconds: 5000)
  /// What is expected, as errors say it.
  public static let expectation = "must be how long to wait for the nats-servers, such as 2s or 500ms, a minute at most"

  private static let longest: Int64 = 60_000

  private init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Reads it; nil for anything else.
  public init?(_ text: String) {
    let digits = text.prefix { ("0"..."9").contains($0) }
    guard let count = Int64(digits), count <= Self.longest else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": milliseconds = count
    case "s", "": milliseconds = count * 1000
    default: return nil
    }
    guard milliseconds <= Self.longest else { return nil }
  }

  /// The time.
  public var duration: Duration { .milliseconds(milliseconds) }
}
