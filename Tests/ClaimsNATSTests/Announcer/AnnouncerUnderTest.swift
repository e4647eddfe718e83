import Claims
import ClaimsTestSupport
import Synchronization

@testable import ClaimsNATS

/// An announcer's core over a log in memory, which answers its reads at once.
final class AnnouncerUnderTest {
  /// The store's newest state, as the core asks for it.
  private final class Index: Sendable {
    let entries = Mutex<[AccountKey: AnnouncerCore.Newest]>([:])
  }

  private let index: Index
  private var core: AnnouncerCore
  private(set) var log: [AnnouncerCore.Record] = []
  /// The cursor that was saved last.
  private(set) var saved: Int64
  /// Every batch that was published, in order.
  private(set) var batches: [[AnnouncerCore.Announcement]] = []
  private(set) var warnings: [Unpublishable] = []
  /// The accounts of which nothing could be announced.
  private(set) var nothingLeft: [AccountKey] = []
  /// The accounts whose closing claims went out, each time.
  private(set) var closed: [AccountKey] = []
  private(set) var isFinished = false
  /// How often a failed read was put off.
  private(set) var delays = 0
  /// How often accounts whose tokens could not be read were put off.
  private(set) var retries = 0
  /// Reads wait here when they are held back.
  private var heldRead: (after: Int64, limit: Int)?
  var holdsReads = false
  private var events: [AnnouncerCore.Event] = []

  init(cursor: Int64 = 0, limits: AnnouncerCore.Limits = AnnouncerCore.Limits()) {
    let index = Index()
    self.index = index
    saved = cursor
    core = AnnouncerCore(cursor: cursor, limits: limits) { account in index.entries.withLock { $0[account] } }
  }

  /// Everything published, as (account, sequence) in order.
  var published: [(account: AccountKey, sequence: Int64)] { batches.flatMap { $0 }.map { ($0.account, $0.sequence) } }
  var publishedSequences: [Int64] { published.map(\.sequence) }
  var cursor: Int64 { core.cursor }

  /// How much there was no room for.
  func takePassedOver() -> Int { core.takePassedOver() }

  /// Appends a record to the log, and tells the core of it.
  @discardableResult
  func append(_ account: AccountKey, size: Int = 10, visible: Bool = true, announced: Bool = true) -> Int64 {
    add(account, token: Token([UInt8](repeating: 0x61, count: size)), announced: announced, visible: visible)
  }

  /// Appends closing claims and a tombstone, which become visible together.
  @discardableResult
  func close(_ account: AccountKey) -> Int64 {
    let sequence = Int64(log.count) + 1
    log.append(AnnouncerCore.Record(sequence: sequence, account: account, token: Token("closing"), isClosing: true))
    log.append(AnnouncerCore.Record(sequence: sequence + 1, account: account, token: nil, isTombstone: true))
    index.entries.withLock { $0[account] = AnnouncerCore.Newest(sequence: sequence + 1, content: .deleted) }
    handle(.changed)
    return sequence
  }

  /// Closing claims of the batch under way were signed anew: appends them and a tombstone, and tells the core before or after the records.
  func renew(_ account: AccountKey, isToldFirst: Bool) {
    let renewed = AnnouncerCore.Announcement(
      account: account, sequence: Int64(log.count) + 1, token: Token("closing"), isClosing: true)
    let others = (batches.last ?? []).map { $0.account == account ? renewed : $0 }
    holdsReads = isToldFirst
    close(account)
    handle(.renewed(others))
    holdsReads = false
    releaseRead()
  }

  /// Lets the store give an account's newest token no more.
  func damage(_ account: AccountKey) {
    index.entries.withLock { $0[account] = $0[account].map { .init(sequence: $0.sequence, content: .unreadable) } }
  }

  /// The store can give it again.
  func repair(_ account: AccountKey) {
    index.entries.withLock { $0[account] = $0[account].map { .init(sequence: $0.sequence, content: .token(Token("repaired"))) } }
  }

  @discardableResult
  func delete(_ account: AccountKey) -> Int64 {
    add(account, token: nil, announced: false, visible: true)
  }

  private func add(_ account: AccountKey, token: Token?, announced: Bool, visible: Bool) -> Int64 {
    let sequence = Int64(log.count) + 1
    log.append(AnnouncerCore.Record(sequence: sequence, account: account, token: announced ? token : nil, isTombstone: token == nil))
    if visible {
      index.entries.withLock { $0[account] = AnnouncerCore.Newest(sequence: sequence, content: token.map { .token($0) } ?? .deleted) }
    }
    handle(.changed)
    return sequence
  }

  func linkUp(maximumPayload: Int = 1_048_576) { handle(.linkUp(maximumPayload: maximumPayload)) }

  /// The server has read the batch under way.
  func acknowledge(_ outcome: (AnnouncerCore.Announcement) -> PublicationOutcome = { _ in .sent }) {
    handle(.published((batches.last ?? []).map(outcome)))
  }

  /// Whether no batch is under way.
  private(set) var isIdle = true

  func confirm() {
    isIdle = true
    acknowledge()
  }

  func fail() {
    isIdle = true
    handle(.failed(.of(.closed)))
  }

  /// Acknowledges batches until none comes any more.
  func acknowledgeAll() {
    var count = 0
    while count < batches.count {
      count = batches.count
      acknowledge()
    }
  }

  func releaseRead() {
    guard let read = heldRead else { return }
    heldRead = nil
    answer(read)
  }

  /// Hands an event in, and after it what comes of it.
  func handle(_ event: AnnouncerCore.Event) {
    events.append(event)
    guard events.count == 1 else { return }
    while let next = events.first {
      perform(core.handle(next))
      events.removeFirst()
    }
  }

  private func perform(_ actions: [AnnouncerCore.Action]) {
    for action in actions {
      switch action {
      case .read(let after, let limit):
        if holdsReads { heldRead = (after, limit) } else { answer((after, limit)) }
      case .readAgainLater: delays += 1
      case .retryPostponedLater: retries += 1
      case .publish(let batch):
        batches.append(batch)
        isIdle = false
      case .saveCursor(let cursor): saved = cursor
      case .closed(let accounts): closed += accounts
      case .nothingLeft(let account): nothingLeft.append(account)
      case .warnUnpublishable(let changes): warnings = changes
      case .finished: isFinished = true
      }
    }
  }

  private func answer(_ read: (after: Int64, limit: Int)) {
    handle(.read(Array(log.filter { $0.sequence > read.after }.prefix(read.limit))))
  }
}

/// Accounts for a test.
func accounts(_ count: Int) throws -> [AccountKey] {
  try (0..<count).map { _ in try TestAuthority.account() }
}
