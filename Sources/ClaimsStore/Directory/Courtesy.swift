/// How long the writing of files rests after some of them, so that pushes that come fast have the cores and the disk.
struct Courtesy {
  /// How many changes a second mean that pushes come fast.
  private static let rush = 1000.0
  /// How many times as long as the work the pause is when pushes come just as fast; the faster they come, the longer it is.
  private static let share = 9.0
  /// No pause is longer than this many times its work.
  private static let largestShare = 49.0
  /// Nor than this: pushes may have ended meanwhile.
  private static let longest = Duration.seconds(2)
  /// Over how long the changes are counted at least: they come in groups, and a moment with one is no rush.
  private static let window = Duration.milliseconds(100)

  /// Since when changes are counted, and which was the last one before.
  private var counted: (since: ContinuousClock.Instant, last: Int64)?
  /// How fast they came in the last window, beside the rush.
  private var pace = 0.0

  /// The pause after work that took `taken`, when `last` is the last change that there is; zero when changes come slowly.
  mutating func pause(after taken: Duration, at now: ContinuousClock.Instant, last: Int64) -> Duration {
    let start = counted ?? (now, last)
    let span = start.since.duration(to: now)
    counted = start
    if span >= Self.window {
      pace = Double(last - start.last) / (span / .seconds(1)) / Self.rush
      counted = (now, last)
    }
    return pace > 1 ? min(taken * min(pace * Self.share, Self.largestShare), Self.longest) : .zero
  }
}
