import Claims

/// Which announcements still wait for replies, and what came: nobody says how many servers there are, so each is kept until it is quiet.
struct ReplyBook: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// What came for one announcement.
  struct Tally: Sendable, Hashable {
    let account: AccountKey
    var applied = 0
    var notLoaded = 0
    var refused = 0

    /// Whether no server said anything.
    var isSilent: Bool { applied + notLoaded + refused == 0 }
  }

  private struct Entry {
    var tally: Tally
    var quietFrom: Instant
    let closes: Instant
  }

  private let quiet: Duration
  private let longest: Duration
  private let most: Int
  private var next: UInt64 = 0
  private var oldest: UInt64 = 0
  private var entries: [UInt64: Entry] = [:]

  /// - Parameters:
  ///   - quiet: how long after the last reply an announcement is closed.
  ///   - longest: how long it is kept at most.
  ///   - most: how many are kept at most; the oldest are closed early.
  init(quiet: Duration = .seconds(2), longest: Duration = .seconds(10), most: Int = 16_384) {
    self.quiet = quiet
    self.longest = longest
    self.most = most
  }

  var isEmpty: Bool { entries.isEmpty }

  /// Begins to wait for the replies to an announcement.
  ///
  /// - Returns: the token that its replies carry.
  mutating func expect(_ account: AccountKey, at now: Instant) -> String {
    next += 1
    entries[next] = Entry(tally: Tally(account: account), quietFrom: now + quiet, closes: now + longest)
    return String(next, radix: 36)
  }

  /// Counts a reply.
  ///
  /// - Returns: the account it is about; nil when nothing waits for it.
  mutating func note(_ reply: ServerReply, token: String, at now: Instant) -> AccountKey? {
    guard let number = UInt64(token, radix: 36), var entry = entries[number] else { return nil }
    switch reply {
    case .applied: entry.tally.applied += 1
    case .notLoaded: entry.tally.notLoaded += 1
    case .refused: entry.tally.refused += 1
    case .noListener, .unreadable: break
    }
    entry.quietFrom = now + quiet
    entries[number] = entry
    return entry.tally.account
  }

  /// Forgets an announcement that did not go out.
  mutating func forget(_ token: String) {
    guard let number = UInt64(token, radix: 36) else { return }
    entries[number] = nil
  }

  /// Closes what is quiet, and what is over the bound.
  mutating func sweep(at now: Instant) -> [Tally] {
    var closed: [Tally] = []
    while oldest <= next {
      guard let entry = entries[oldest] else {
        oldest += 1
        continue
      }
      guard entries.count > most || now >= min(entry.quietFrom, entry.closes) else { break }
      closed.append(entry.tally)
      entries[oldest] = nil
    }
    return closed
  }
}
