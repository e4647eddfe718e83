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

/// Turns proposals from many tasks into few transactions: all that wait while one transaction syncs share the next.
///
/// The draining runs in a task of its own: a request that is cancelled must not undo the pushes of the others, and GRDB rolls a transaction
/// back when the task around it is cancelled.
actor GroupCommit {
  private typealias Waiting = (proposal: Proposal, done: CheckedContinuation<Verdict, any Error>)

  /// The most proposals that one transaction takes.
  private static let largestBatch = 512

  private let log: any ChangeLog
  private let index: AccountIndex
  private let position: LogPosition
  private let signal: ChangeSignal
  private var waiting: [Waiting] = []
  private var draining: Task<Void, Never>?
  private var closed = false
  nonisolated private let health = Mutex(LogHealth())

  init(log: any ChangeLog, index: AccountIndex, position: LogPosition, signal: ChangeSignal) {
    self.log = log
    self.index = index
    self.position = position
    self.signal = signal
  }

  /// Why the last transaction failed; nil when it did not.
  nonisolated var problem: String? { health.withLock { $0.problem } }

  /// Waits until the proposal is durable, needless or refused.
  func submit(_ proposal: Proposal) async throws -> Verdict {
    guard !closed else { throw StoreError(.closed, "the server is stopping: push again in a moment") }
    return try await withCheckedThrowingContinuation { continuation in
      waiting.append((proposal, continuation))
      startDraining()
    }
  }

  /// After a failure, tries whether the log can be written again.
  func heal() {
    if problem != nil, !closed { startDraining() }
  }

  /// Refuses new proposals and waits until those accepted are done.
  func close() async {
    closed = true
    await draining?.value
  }

  private func startDraining() {
    if draining == nil { draining = Task.detached { await self.drain() } }
  }

  private func drain() async {
    // A drain without proposals is one that heals.
    if waiting.isEmpty { await commit([]) }
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(Self.largestBatch))
      waiting.removeFirst(batch.count)
      await commit(batch)
    }
    draining = nil
  }

  private func commit(_ batch: [Waiting]) async {
    let proposals = batch.map(\.proposal)
    let index = index
    do {
      if health.withLock({ $0.needsProof }) || batch.isEmpty { try await prove() }
      let (outcomes, records) = try await log.transaction { transaction in try Self.judge(proposals, index: index, in: transaction) }
      health.withLock { $0 = LogHealth() }
      publish(records)
      for (waiting, outcome) in zip(batch, outcomes) { waiting.done.resume(with: outcome) }
      if !records.isEmpty { signal.send() }
    } catch {
      health.withLock { $0.note(error) }
      for waiting in batch { waiting.done.resume(throwing: error) }
    }
  }

  /// The index first, then the position: the log's readers go no further than the position, and find the newest state in the index.
  /// Closing claims are passed over: a tombstone follows them in the same transaction, and no lookup is to see what is in between.
  private func publish(_ records: [ChangeRecord]) {
    for record in records where record.change.kind != .close { index.set(record) }
    if let last = records.last { position.last = last.sequence }
  }

  /// After an error of the disk nothing is acknowledged until the log was written and synced anew, and lookups see what it holds.
  private func prove() async throws {
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
      switch try proposal.decide(ahead[proposal.subject] ?? index.entry(of: proposal.subject.raw), transaction) {
      case .unchanged: return .success(.unchanged)
      case .refuse(let error): return .failure(error)
      case .append(let change): changes = [change]
      case .appendAll(let all): changes = all
      }
      for change in changes { records.append(try transaction.append(change)) }
      guard !changes.isEmpty, let last = records.last else { return .success(.unchanged) }
      ahead[proposal.subject] = index.entry(last)
      return .success(.committed(last))
    }
    return (outcomes, records)
  }
}
