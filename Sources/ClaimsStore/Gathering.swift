/// When the next transaction begins: as soon as no fewer proposals wait for it than are on their way to it.
///
/// A transaction costs as much as judging two pushes, however many it takes, and while it syncs there must be others to judge: half of them in the
/// transaction and half on their way keeps all cores at work. Nobody is held up for longer than ``longest`` and one judgement: what is on its way
/// may be large, be refused, or make room for lookups.
struct Gathering {
  /// For how long the first that waits is held up.
  private static let longest = Duration.milliseconds(5)

  private var coming = 0
  private var deadline = ContinuousClock.now

  /// Notes a proposal that is on its way.
  mutating func expect() { coming += 1 }

  /// Notes that one which was on its way waits now, or does not come.
  mutating func arrived() { coming -= 1 }

  /// Notes that the first proposal waits for the next transaction since `now`.
  mutating func begin(_ now: ContinuousClock.Instant) { deadline = now + Self.longest }

  /// Has the next transaction wait for nobody.
  mutating func end() { deadline = .now }

  /// Whether so many that wait are enough at `now`.
  func isEnough(_ waiting: Int, _ now: @autoclosure () -> ContinuousClock.Instant) -> Bool {
    waiting > 0 && (waiting >= coming || now() >= deadline)
  }
}
