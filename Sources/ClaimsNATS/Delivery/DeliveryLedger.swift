import Claims
import ClaimsRegistry

/// Which servers hold which announced change: a line for each live server, until all of them confirmed. A pure ledger.
///
/// Who is silent or refuses is announced to again, with growing pauses, until it confirms or leaves.
struct DeliveryLedger: Sendable {
  typealias Instant = ContinuousClock.Instant
  typealias Outcome = DeliveryReport.Outcome

  /// The bounds of what is kept.
  struct Limits: Sendable {
    /// Changes that are kept; the oldest are given up, settled ones first.
    var changes = 16_384
    /// Lines of servers, over all changes.
    var lines = 1 << 20
    /// How long a server may take to reply before it counts as silent.
    var patience = Duration.seconds(2)
    /// How long after an announcement a server that was not known is expected to have heard it.
    var acquaintance = Duration.seconds(5)
    /// The pause before an announcement is repeated, which doubles each time up to the longest.
    var pause = Duration.seconds(1)
    var longestPause = Duration.seconds(60)
    /// The longest pause of closing claims: when they are over they are signed anew, and kept in the log.
    var longestClosingPause = Duration.seconds(3600)
  }

  private struct Line: Sendable {
    var outcome: Outcome
    /// How long after the first announcement it said so; nil when it was asked.
    var after: Duration?
  }

  /// What a server was found to hold.
  struct Found: Sendable, Equatable {
    /// The record of the stored claims.
    let sequence: Int64
    /// Whether it has the account in memory, by exactly these claims.
    let isLoaded: Bool
  }

  private struct Change: Sendable {
    var sequence: Int64
    /// Whether these are closing claims of a deleted account.
    var isClosing: Bool
    /// When it was announced first; nil when it was before this program was started, and servers were asked.
    var published: Instant?
    var repetitions = 0
    /// When it was announced last.
    var last: Instant
    /// When it is announced again, or looked at again.
    var due: Instant
    /// The servers that did not confirm.
    var open: Set<String>
    var lines: [String: Line] = [:]
  }

  /// What a reply came to.
  struct Noted: Sendable, Equatable {
    let account: AccountKey
    let sequence: Int64
    /// Whether every server holds the change now.
    let isSettled: Bool
  }

  private let limits: Limits
  private var changes: [AccountKey: Change] = [:]
  private var accounts: [Int64: AccountKey] = [:]
  private var lines = 0
  /// The changes that some server does not hold.
  private var open: Set<AccountKey> = []
  /// In the order of their first announcement; some are replaced or given up by now.
  private var order: [(account: AccountKey, sequence: Int64)] = []
  /// How many unsettled changes were given up for want of room: whoever compares servers with the store finds what they miss.
  private(set) var givenUp = 0

  init(limits: Limits = Limits()) {
    self.limits = limits
  }

  /// What the replies to the announcement of a record carry.
  static func token(of sequence: Int64) -> String { prefix + String(sequence, radix: 36) }

  /// How these begin, so that none is taken for the token of a question.
  static let prefix = "update-"

  private static func sequence(of token: String) -> Int64? {
    token.hasPrefix(prefix) ? Int64(token.dropFirst(prefix.count), radix: 36) : nil
  }

  /// The account whose announcement carries a token; nil for one that is not kept.
  func account(of token: String) -> AccountKey? { Self.sequence(of: token).flatMap { accounts[$0] } }

  /// How many changes some server does not hold.
  var openCount: Int { open.count }

  // MARK: What happens

  /// A change goes out to the servers that are live now. Closing claims that were signed anew are the same change.
  mutating func announced(_ account: AccountKey, sequence: Int64, isClosing: Bool = false, to live: [String], at now: Instant) {
    if var change = changes[account], change.sequence == sequence || (isClosing && change.isClosing) {
      if change.sequence != sequence {
        accounts[change.sequence] = nil
        change.sequence = sequence
        accounts[sequence] = account
        order.append((account, sequence))
      }
      if change.published == nil { change.published = now } else { change.repetitions += 1 }
      change.open.formUnion(live.filter { !(change.lines[$0]?.outcome.isConfirmed ?? false) })
      change.last = now
      change.due = isClosing ? now + pause(of: change) : max(change.due, now + limits.patience)
      changes[account] = change
    } else {
      forget(account)
      changes[account] = Change(
        sequence: sequence, isClosing: isClosing, published: now, last: now, due: now + limits.patience, open: Set(live))
      accounts[sequence] = account
      order.append((account, sequence))
    }
    if changes[account]?.open.isEmpty ?? true { open.remove(account) } else { open.insert(account) }
    makeRoom()
  }

  /// An announcement did not go out after all: it will be announced again by whoever keeps the cursor.
  mutating func failed(sequence: Int64) {
    guard let account = accounts[sequence] else { return }
    forget(account)
  }

  /// An account was deleted: of what was announced before nothing is announced again, but for closing claims.
  mutating func deleted(_ account: AccountKey, sequence: Int64) {
    if let change = changes[account], !change.isClosing, change.sequence < sequence { forget(account) }
  }

  /// There is nothing of an account that could be announced again: nobody is waited for.
  mutating func nothingLeft(of account: AccountKey) {
    if changes[account]?.isClosing == true { forget(account) }
  }

  /// A server replied to the announcement that carries this token.
  ///
  /// - Returns: nil when it is about nothing that is kept.
  mutating func replied(_ reply: ServerReply, token: String, server: String, at now: Instant) -> Noted? {
    guard let sequence = Self.sequence(of: token), let account = accounts[sequence], var change = changes[account] else { return nil }
    let outcome: Outcome
    switch reply {
    case .applied: outcome = .applied
    case .notLoaded: outcome = .notLoaded
    case .refused(let text): outcome = .refused(text)
    case .noListener, .unreadable: return Noted(account: account, sequence: sequence, isSettled: false)
    }
    // A server that applied the claims first and refuses them when they come again holds them all the same; what it said first counts.
    let isConfirmed = outcome.isConfirmed || change.lines[server]?.outcome.isConfirmed ?? false
    if change.lines[server].map({ !$0.outcome.isConfirmed }) ?? hasRoomForLine() {
      change.lines[server] = Line(outcome: outcome, after: change.published.map { $0.duration(to: now) })
    }
    if isConfirmed { change.open.remove(server) } else { change.open.insert(server) }
    changes[account] = change
    if change.open.isEmpty { open.remove(account) } else { open.insert(account) }
    if lines >= limits.lines { makeRoom() }
    return Noted(account: account, sequence: sequence, isSettled: change.open.isEmpty)
  }

  /// A server was asked, and holds the stored claims or will ask for them: as good as a reply to their announcement, which can be lost, or was before
  /// this program was started.
  ///
  /// - Returns: nil when that is nothing new.
  mutating func found(_ found: Found, of account: AccountKey, at server: String, now: Instant) -> Noted? {
    if changes[account] == nil {
      // What is announced has precedence.
      guard changes.count < limits.changes / 2, lines < limits.lines / 2 else { return nil }
      // Nobody is waited for: all servers are asked at the same time.
      let last = now - limits.longestPause
      changes[account] = Change(
        sequence: found.sequence, isClosing: false, published: nil, last: last, due: now + limits.patience, open: [])
      accounts[found.sequence] = account
      order.append((account, found.sequence))
    }
    guard var change = changes[account], change.sequence == found.sequence, !(change.lines[server]?.outcome.isConfirmed ?? false) else {
      return nil
    }
    // A server with a directory of its own may take an older token from there, and must answer for itself.
    guard found.isLoaded || change.published == nil else { return nil }
    if change.lines[server] != nil || hasRoomForLine() {
      change.lines[server] = Line(outcome: found.isLoaded ? .applied : .notLoaded, after: nil)
    }
    change.open.remove(server)
    changes[account] = change
    if change.open.isEmpty { open.remove(account) } else { open.insert(account) }
    return Noted(account: account, sequence: found.sequence, isSettled: change.open.isEmpty)
  }

  /// A server was heard of for the first time: what went out in the last moments is awaited from it too, because it may have been there before.
  mutating func joined(_ server: String, at now: Instant) {
    for (account, sequence) in order.reversed() {
      guard var change = changes[account], change.sequence == sequence, let published = change.published else { continue }
      // Closing claims that were signed anew are older than their place.
      guard published.duration(to: now) < limits.acquaintance else { if change.isClosing { continue } else { return } }
      guard change.lines[server] == nil else { continue }
      change.open.insert(server)
      changes[account] = change
      open.insert(account)
    }
  }

  /// Servers are not live any more: nobody waits for them, and what they refused is past.
  mutating func left(_ servers: [String]) {
    guard !servers.isEmpty else { return }
    for account in open {
      guard var change = changes[account] else { continue }
      for server in servers where change.open.remove(server) != nil && change.lines.removeValue(forKey: server) != nil { lines -= 1 }
      changes[account] = change
      if change.open.isEmpty { open.remove(account) }
    }
  }

  /// The accounts that are to be announced again now: those that some server does not hold.
  mutating func due(at now: Instant) -> [AccountKey] {
    var due: [AccountKey] = []
    for account in open {
      guard var change = changes[account], now >= change.due else { continue }
      // Until it is announced again, it is looked at after the pause.
      change.due = now + pause(of: change)
      changes[account] = change
      due.append(account)
    }
    return due
  }

  private func pause(of change: Change) -> Duration {
    min(limits.pause * Double(1 << min(change.repetitions, 20)), change.isClosing ? limits.longestClosingPause : limits.longestPause)
  }

  /// What a server that holds older claims of an account makes of its newest change.
  enum Standing: Sendable, Hashable {
    /// It confirmed it once, or was not told by us.
    case settled
    /// It did not say anything to it yet.
    case silent
    /// It refuses it.
    case refused
  }

  /// How a server stands to an account's newest change.
  func standing(of server: String, to account: AccountKey) -> Standing {
    guard let change = changes[account], change.open.contains(server) else { return .settled }
    return change.lines[server] == nil ? .silent : .refused
  }

  /// A server was found that missed a change.
  ///
  /// - Returns: whether it is to be announced again now, without its pause: not if that was done a moment ago.
  mutating func missed(_ account: AccountKey, by server: String, at now: Instant) -> Bool {
    guard var change = changes[account] else { return false }
    // Closing claims may have to be signed anew: for one that has them again and again, ever less often.
    let closingPause = change.open.contains(server) ? pause(of: change) : limits.longestPause
    let pause = change.isClosing ? closingPause : limits.pause
    guard change.last.duration(to: now) >= pause / 2 else { return false }
    change.last = now
    changes[account] = change
    return true
  }

  /// When an account's newest change was announced last; nil when it is not kept.
  func lastAnnounced(_ account: AccountKey) -> Instant? { changes[account]?.last }

  // MARK: What is known

  /// The report about an account's announced change; `unseen` are the names of servers that fell silent, `name` gives those of the others.
  func report(
    of account: AccountKey, at now: Instant, unseen: [String] = [], doubt: DeliveryReport.Doubt? = nil, name: (String) -> String
  ) -> DeliveryReport? {
    guard let change = changes[account] else { return nil }
    let ids = Set(change.lines.keys).union(change.open)
    return DeliveryReport(
      account: account, sequence: change.sequence, published: change.published.map { $0.duration(to: now) },
      repetitions: change.repetitions,
      lines: ids.map { id in
        DeliveryReport.Line(id: id, name: name(id), outcome: change.lines[id]?.outcome ?? .silent, after: change.lines[id]?.after)
      }, unseen: unseen, doubt: doubt)
  }

  // MARK: Room

  /// Counts one more line, if there is room for it.
  private mutating func hasRoomForLine() -> Bool {
    guard lines < limits.lines else {
      givenUp += 1
      return false
    }
    lines += 1
    return true
  }

  private mutating func forget(_ account: AccountKey) {
    guard let change = changes.removeValue(forKey: account) else { return }
    lines -= change.lines.count
    accounts[change.sequence] = nil
    open.remove(account)
  }

  private mutating func makeRoom() {
    guard changes.count > limits.changes || order.count > 2 * limits.changes || lines >= limits.lines else { return }
    order.removeAll { changes[$0.account]?.sequence != $0.sequence }
    // An eighth at a time: to look for the oldest takes as long as for one.
    var surplus = changes.count > limits.changes ? changes.count - limits.changes + limits.changes / 8 : 0
    let mostLines = lines >= limits.lines ? limits.lines - max(1, limits.lines / 8) : .max
    for (account, _) in order where surplus > 0 || lines > mostLines {
      guard changes[account] != nil, !open.contains(account) else { continue }
      forget(account)
      surplus -= 1
    }
    for (account, _) in order where surplus > 0 {
      guard changes[account] != nil else { continue }
      forget(account)
      surplus -= 1
      givenUp += 1
    }
    order.removeAll { changes[$0.account]?.sequence != $0.sequence }
  }
}
