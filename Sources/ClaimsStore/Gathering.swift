/// When the next transaction begins: as soon as no fewer proposals wait for it than are still being judged.
///
/// A transaction costs as much as judging two pushes, however many it takes, and while it syncs there must be others to judge: half of them in the
/// transaction and half being judged keeps all cores at work. Whoever waits does so for ``mostJudged`` judgements at most: others who push what is
/// refused could hold him up without end.
struct Gathering {
  /// For how many judgements the first that waits is held up at most.
  private static let mostJudged = 64

  private var coming = 0
  private var patience = 0

  /// Notes a proposal that is being judged.
  mutating func expect() { coming += 1 }

  /// Notes that one was judged; it waits now, or does not come.
  mutating func judged() {
    coming -= 1
    patience = max(0, patience - 1)
  }

  /// Notes that the first proposal waits for the next transaction.
  mutating func begin() { patience = Self.mostJudged }

  /// Whether so many that wait are enough.
  func isEnough(_ waiting: Int) -> Bool { waiting > 0 && (waiting >= coming || patience == 0) }
}
