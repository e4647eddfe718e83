public import Claims
import Synchronization

/// What a proposal came to.
public enum Verdict: Sendable {
  /// The change, or the last of several, was appended and is durable.
  case committed(ChangeRecord)
  /// What was proposed is already there.
  case unchanged
}

/// A change that someone wants, judged against the newest state inside the transaction that would store it.
public struct Proposal: Sendable {
  /// What the judgement asks for.
  public enum Decision: Sendable {
    /// Append this change.
    case append(Change)
    /// Append these changes of the account together; there must be one.
    case appendAll([Change])
    /// Append this activation, which is found by its hash.
    case activate(Change, as: ActivationHash)
    /// Leave everything as it is.
    case unchanged
    /// Refuse with this error.
    case refuse(any Error)
  }

  /// The account.
  public let subject: AccountKey
  /// Judges the proposal. It sees what earlier proposals of the same transaction did, and must not block.
  public let decide: @Sendable (_ current: AccountEntry?, _ log: any LogTransaction) throws -> Decision

  /// Creates a proposal.
  public init(subject: AccountKey, decide: @escaping @Sendable (AccountEntry?, any LogTransaction) throws -> Decision) {
    self.subject = subject
    self.decide = decide
  }
}

/// Turns many proposals into few transactions: all that wait while one transaction syncs share the next, which waits for those that are on their
/// way (``Gathering``).
///
/// Transactions run on a thread of their own, which nobody's cancelled request can stop: the proposals of others share its transaction.
final class GroupCommit: Sendable {
  fileprivate typealias Waiting = (proposal: Proposal, done: @Sendable (Result<Verdict, any Error>) -> Void)

  fileprivate struct State {
    var waiting: [Waiting] = []
    var gathering = Gathering()
    var health = LogHealth()
    /// Whether the thread works off what waits, or the log is proved good before it does.
    var isBusy = false
    var isClosed = false
    /// Who waits for the end of what was accepted.
    var closing: [CheckedContinuation<Void, Never>] = []
  }

  /// The most proposals that one transaction takes.
  private static let largestBatch = 512

  private let log: any ChangeLog
  private let index: AccountIndex
  private let position: LogPosition
  private let signal: ChangeSignal
  private let thread = WorkerThread(name: "commits")
  private let state = Mutex(State())

  init(log: any ChangeLog, index: AccountIndex, position: LogPosition, signal: ChangeSignal) {
    self.log = log
    self.index = index
    self.position = position
    self.signal = signal
  }

  /// Why the last transaction failed; nil when it did not.
  var problem: String? { state.withLock { $0.health.problem } }

  /// Calls `done` when the proposal is durable, needless or refused: on the thread of the transactions, which it must not hold up.
  ///
  /// One that nobody expected waits for no others: whoever submits it may go on with the next only when it is done.
  func submit(_ proposal: Proposal, isExpected: Bool = false, done: @escaping @Sendable (Result<Verdict, any Error>) -> Void) {
    let (isClosed, isFirst) = state.withLock { state in
      guard !state.isClosed else { return (true, false) }
      if !isExpected { state.gathering.end() } else if state.waiting.isEmpty { state.gathering.begin(.now) }
      state.waiting.append((proposal, done))
      return (false, state.isReady && state.begin())
    }
    if isClosed { return done(.failure(StoreError(.closed, "the server is stopping: push again in a moment"))) }
    if isFirst { thread.run { self.drain() } }
  }

  /// Notes a proposal that is on its way; ``arrived()`` must follow.
  func expect() { state.withLock { $0.gathering.expect() } }

  /// Notes that an expected proposal was submitted, or does not come.
  func arrived() {
    let isFirst = state.withLock { state in
      state.gathering.arrived()
      return state.isReady && state.begin()
    }
    if isFirst { thread.run { self.drain() } }
  }

  /// After a failure, tries whether the log can be written again.
  func heal() {
    let isFirst = state.withLock { state in state.health.problem != nil && !state.isClosed && state.begin() }
    if isFirst { prove() }
  }

  /// Refuses new proposals and waits until those accepted are done.
  func close() async {
    await withCheckedContinuation { continuation in
      let isFirst = state.withLock { state in
        state.isClosed = true
        state.closing.append(continuation)
        return state.begin()
      }
      if isFirst { thread.run { self.drain() } }
    }
  }

  /// Works off what waits, on the thread.
  private func drain() {
    while true {
      switch state.withLock({ $0.next(Self.largestBatch) }) {
      case .prove: return prove()
      case .commit(let batch):
        commit(batch)
        tidy()
      case .rest(let closing):
        for continuation in closing { continuation.resume() }
        return
      }
    }
  }

  private func commit(_ batch: [Waiting]) {
    let proposals = batch.map(\.proposal)
    do {
      let (outcomes, records) = try log.transaction { [index] transaction in try Self.judge(proposals, index: index, in: transaction) }
      // A transaction that wrote nothing says nothing about the disk.
      if !records.isEmpty { state.withLock { $0.health = LogHealth() } }
      publish(records)
      for (waiting, outcome) in zip(batch, outcomes) { waiting.done(outcome) }
      if !records.isEmpty { signal.send() }
    } catch {
      state.withLock { $0.health.note(error) }
      for waiting in batch { waiting.done(.failure(error)) }
    }
  }

  /// Nobody waits for this: a failure is told as one of the log, and by whoever pushes next.
  private func tidy() {
    guard problem == nil else { return }
    do {
      try log.tidy()
    } catch {
      state.withLock { $0.health.note(error) }
    }
  }

  /// The index first, then the position: the log's readers go no further than the position, and find the newest state in the index.
  /// Closing claims are passed over: a tombstone follows them in the same transaction, and no lookup is to see what is in between.
  private func publish(_ records: [ChangeRecord]) {
    for record in records where record.change.kind.changesClaims && record.change.kind != .close { index.set(record) }
    position.advance(over: records)
  }

  /// After an error of the disk nothing is acknowledged until the log was written and synced anew, and lookups see what it holds.
  private func prove() {
    Task.detached { [self] in
      do {
        try await catchUp()
        state.withLock { $0.health = LogHealth() }
      } catch {
        for waiting in state.withLock({ $0.fail(error) }) { waiting.done(.failure(error)) }
      }
      thread.run { self.drain() }
    }
  }

  private func catchUp() async throws {
    try await log.prove()
    let end = try await log.lastSequence()
    guard end >= position.last else {
      throw StoreError(
        .damagedLog,
        "the change log ends at record \(end), but \(position.last) are acknowledged: nothing is accepted; restore the log from a copy")
    }
    // A transaction whose failure was told may be there all the same: whoever asked was told to push again.
    while position.last < end {
      let records = try await log.changes(after: position.last, limit: Self.largestBatch)
      guard !records.isEmpty else { return }
      publish(records)
      signal.send()
    }
  }

  private static func judge(
    _ proposals: [Proposal], index: AccountIndex, in transaction: any LogTransaction
  ) throws -> (outcomes: [Result<Verdict, any Error>], records: [ChangeRecord]) {
    var ahead: [AccountKey: AccountEntry] = [:]
    var records: [ChangeRecord] = []
    let outcomes: [Result<Verdict, any Error>] = try proposals.map { proposal in
      let changes: [Change]
      do {
        switch try proposal.decide(ahead[proposal.subject] ?? index.bareEntry(of: proposal.subject.raw), transaction) {
        case .unchanged: return .success(.unchanged)
        case .refuse(let error): return .failure(error)
        case .append(let change): changes = [change]
        case .appendAll(let all): changes = all
        case .activate(let change, let hash):
          records.append(try transaction.append(change, as: hash))
          return .success(.committed(records[records.count - 1]))
        }
      } catch let error as StoreError where error.code == .damagedLog {
        // A record of this account that cannot be read is no reason to fail the others of the transaction.
        return .failure(error)
      }
      for change in changes { records.append(try transaction.append(change)) }
      guard !changes.isEmpty, let last = records.last else { return .success(.unchanged) }
      ahead[proposal.subject] = index.entry(last)
      return .success(.committed(last))
    }
    return (outcomes, records)
  }
}

extension GroupCommit {
  /// What is to be done next.
  fileprivate enum Step {
    /// Prove the log good: nothing is acknowledged before.
    case prove
    /// Commit these, which do not wait any more.
    case commit([Waiting])
    /// Nothing; whoever waits for that learns it.
    case rest([CheckedContinuation<Void, Never>])
  }
}

extension GroupCommit.State {
  /// Notes that there is work; false when somebody is at it.
  fileprivate mutating func begin() -> Bool {
    defer { isBusy = true }
    return !isBusy
  }

  /// Whether a transaction is to begin, if none runs.
  fileprivate var isReady: Bool { isClosed ? !waiting.isEmpty : gathering.isEnough(waiting.count, .now) }

  fileprivate mutating func next(_ largest: Int) -> GroupCommit.Step {
    guard isReady else {
      isBusy = false
      defer { closing = [] }
      return .rest(closing)
    }
    if health.needsProof { return .prove }
    let batch = Array(waiting.prefix(largest))
    waiting.removeFirst(batch.count)
    return .commit(batch)
  }

  /// Notes why the log is not good, and gives up on everything that waits.
  fileprivate mutating func fail(_ error: any Error) -> [GroupCommit.Waiting] {
    health.note(error)
    defer { waiting = [] }
    return waiting
  }
}
