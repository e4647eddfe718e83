import Claims

/// Decides which deleted accounts servers are asked about, and when: those that nobody was asked about yet, those that some server holds, and for a while
/// those that none held. Pure.
struct HeldRounds: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// After how many rounds a released account is asked about for the last time.
  private static let longestPause = 128
  /// The longest pause after a round in which servers could not be asked.
  private static let retry = Duration.seconds(1)

  /// How many accounts may wait for somebody to ask, and how many are asked about once more.
  private let mostUnasked: Int
  private let mostReleased: Int
  /// Accounts that no server was asked about yet.
  private var unasked: Set<AccountKey> = []
  /// The servers that held an account when they were asked the last time.
  private(set) var holders: [AccountKey: [String]] = [:]
  /// Accounts that no server held when they were asked the last time: after how many rounds to ask again, and in which.
  private var released: [AccountKey: (pause: Int, due: Int)] = [:]
  /// How many times all were asked about.
  private var round = 0
  /// When the next round begins.
  private var next: Instant?
  /// How many accounts nobody will be asked about for want of room.
  private(set) var passedOver = 0

  init(mostUnasked: Int = 1 << 17, mostReleased: Int = 1024) {
    self.mostUnasked = mostUnasked
    self.mostReleased = mostReleased
  }

  /// All accounts on the list.
  var accounts: Set<AccountKey> { unasked.union(holders.keys).union(released.keys) }

  /// Puts an account on the list.
  mutating func watch(_ account: AccountKey) {
    if unasked.contains(account) { return }
    if unasked.count < mostUnasked { unasked.insert(account) } else { passedOver += 1 }
  }

  /// Takes an account off the list.
  mutating func forget(_ account: AccountKey) {
    unasked.remove(account)
    holders[account] = nil
    released[account] = nil
  }

  /// Servers were asked, and these hold an account.
  mutating func answered(_ account: AccountKey, _ servers: [String]) {
    unasked.remove(account)
    holders[account] = servers.isEmpty ? nil : servers
    if servers.isEmpty { release(account) } else { released[account] = nil }
  }

  private mutating func release(_ account: AccountKey) {
    let pause = released[account].map { $0.pause * 2 } ?? 1
    // Where there is no room for a second look there is none: the first one found nobody.
    guard pause <= Self.longestPause, released[account] != nil || released.count < mostReleased else {
      released[account] = nil
      return
    }
    released[account] = (pause, round + pause)
  }

  /// Has the next round begin now.
  mutating func hurry() { next = nil }

  /// Begins a round if it is due, the next one `interval` later, and gives the accounts to ask about: those that nobody was asked about yet, and the others.
  mutating func begin(at now: Instant, every interval: Duration) -> (unasked: [AccountKey], others: [AccountKey])? {
    if let next, now < next { return nil }
    round += 1
    next = now + interval
    return (Array(unasked), Array(holders.keys) + released.filter { $0.value.due <= round }.map(\.key))
  }

  /// Servers could not be asked about an account that they were never asked about: that is tried again soon.
  mutating func failed(at now: Instant) {
    if let time = next { next = min(time, now + Self.retry) }
  }
}
