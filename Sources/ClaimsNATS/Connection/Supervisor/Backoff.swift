/// Pauses between attempts: each is drawn between the shortest one and a bound that doubles with every failure up to the longest.
struct Backoff: Sendable {
  let range: ClosedRange<Duration>
  private(set) var failures = 0

  /// Takes the shortest and the longest pause; less than ten milliseconds would be no pause.
  init(_ range: ClosedRange<Duration>) {
    let shortest = max(range.lowerBound, .milliseconds(10))
    self.range = shortest...max(shortest, range.upperBound)
  }

  /// The next pause; counts as one failure.
  mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
    failures += 1
    let bound = min(range.upperBound, range.lowerBound * (1 << min(failures, 20)))
    return Self.draw(range.lowerBound...max(range.lowerBound, bound), using: &random)
  }

  /// Begins anew with the shortest pause.
  mutating func reset() {
    failures = 0
  }

  /// A duration drawn evenly from a range.
  static func draw(_ range: ClosedRange<Duration>, using random: inout some RandomNumberGenerator) -> Duration {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double.random(in: 0...1, using: &random)
  }
}
