/// When the steps of a push were done.
public struct PushTimeline: Sendable, Hashable {
  /// When it began.
  public let start: ContinuousClock.Instant
  /// How long after that the token was decoded and judged; nil where a signature had to be had first.
  public let decoded: Duration?
  /// How long after that it was durable and visible to lookups.
  public let committed: Duration
}
