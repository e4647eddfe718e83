public import Claims
import Synchronization

/// The change log in memory: for read-only servers, which keep nothing on disk, and for tests. It is as durable as the process.
public final class MemoryChangeLog: ChangeLog {
  fileprivate struct State {
    var records: [ChangeRecord] = []
    /// The sequence of the first record that is kept.
    var first: Int64 = 1
    var chain = ChangeChain.origin
    var newest: [AccountKey: ChangeRecord] = [:]
    var digests: [AccountKey: Set<TokenDigest>] = [:]
    var activations: [ActivationHash: [ChangeRecord]] = [:]
    /// Where the newest record of every account is found by its sequence.
    var places: [Int64: AccountKey] = [:]
    /// The sequences of those records in their order, with some that are not the newest any more.
    var order: [Int64] = []
    var cursors: [String: Int64] = [:]
    var operators: [OperatorRecord] = []

    var last: Int64 { first + Int64(records.count) - 1 }

    mutating func append(_ record: ChangeRecord, keepsHistory: Bool) {
      let subject = record.change.subject
      let former = newest[subject]
      if record.change.kind.changesClaims {
        newest[subject] = record
        if let former { places[former.sequence] = nil }
        places[record.sequence] = subject
        order.append(record.sequence)
        if order.count > 2 * places.count + 64 { order.removeAll { places[$0] == nil } }
      }
      chain = record.chain
      if keepsHistory {
        records.append(record)
      } else {
        first += 1
        // An older token is known by its time: only those of the newest second must be told apart.
        if let former, former.change.iat < record.change.iat { digests[subject] = nil }
      }
      digests[subject, default: []].insert(record.change.digest)
    }

    /// The newest records of accounts after a sequence, oldest first.
    func newest(after sequence: Int64, limit: Int) -> [ChangeRecord] {
      var (low, high) = (0, order.count)
      while low < high {
        let middle = (low + high) / 2
        if order[middle] <= sequence { low = middle + 1 } else { high = middle }
      }
      return Array(order[low...].lazy.compactMap { places[$0].flatMap { newest[$0] } }.prefix(limit))
    }

    mutating func giveUp(_ place: Int) -> Bool {
      let record = records[place]
      guard record.change.token != nil else { return false }
      records[place] = record.withoutToken
      if newest[record.change.subject]?.sequence == record.sequence { newest[record.change.subject] = records[place] }
      return true
    }
  }

  private let state = Mutex(State())
  private let keepsHistory: Bool

  /// An empty log. Without history only the newest record of every account is kept, and which tokens there were in the second it was issued.
  public init(keepsHistory: Bool = true) {
    self.keepsHistory = keepsHistory
  }

  /// Runs `body` as one transaction.
  public func transaction<Result: Sendable>(_ body: @escaping @Sendable (any LogTransaction) throws -> Result) throws -> Result {
    try state.withLock { state in
      let transaction = MemoryTransaction(state)
      let result = try body(transaction)
      let appended = transaction.finish()
      for record in appended.records { state.append(record, keepsHistory: keepsHistory) }
      state.activations.merge(appended.activations) { $0 + $1 }
      return result
    }
  }

  /// Memory needs no proof.
  public func prove() async throws {}

  /// Calls `body` with the newest change of every account.
  public func forEachNewest(_ body: (NewestChange) throws -> Void) throws {
    for record in state.withLock({ Array($0.newest.values) }) { try body(NewestChange(record)) }
  }

  /// The token of a record.
  public func token(at sequence: Int64) throws -> Token? {
    state.withLock { state in
      if sequence >= state.first, sequence <= state.last { return state.records[Int(sequence - state.first)].change.token }
      return state.places[sequence].flatMap { state.newest[$0] }?.change.token
    }
  }

  /// Whether a token made a record.
  public func knows(_ digest: TokenDigest, of account: AccountKey) throws -> Bool {
    state.withLock { $0.digests[account]?.contains(digest) ?? false }
  }

  /// The newest record of an activation.
  public func activation(_ hash: ActivationHash) throws -> ChangeRecord? {
    state.withLock { $0.activations[hash]?.last }
  }

  /// The records after a sequence, oldest first; without history those that are an account's newest.
  public func changes(after sequence: Int64, limit: Int) async throws -> [ChangeRecord] {
    state.withLock { state in
      guard keepsHistory else { return state.newest(after: sequence, limit: limit) }
      return Array(state.records.drop { $0.sequence <= sequence }.prefix(limit))
    }
  }

  /// The records of one account, newest first; without history the newest alone.
  public func history(of account: AccountKey, limit: Int) async throws -> [ChangeRecord] {
    state.withLock { state in
      guard keepsHistory else { return Array((state.newest[account].map { [$0] } ?? []).prefix(limit)) }
      return Array(state.records.reversed().lazy.filter { $0.change.subject == account }.prefix(limit))
    }
  }

  /// The last sequence.
  public func lastSequence() async throws -> Int64 { state.withLock { $0.last } }

  /// How far a reader has come.
  public func cursor(of reader: String) async throws -> Int64 { state.withLock { $0.cursors[reader] ?? 0 } }

  /// Notes how far a reader has come.
  public func setCursor(of reader: String, to sequence: Int64) async throws { state.withLock { $0.cursors[reader] = sequence } }

  /// The operators that were noted last.
  public func operators() async throws -> [OperatorRecord] { state.withLock { $0.operators } }

  /// Notes operators.
  public func note(operators: [OperatorRecord]) async throws {
    state.withLock { state in
      let keys = Set(operators.map(\.key))
      let former = state.operators.filter { !keys.contains($0.key) }.map {
        OperatorRecord(key: $0.key, iat: $0.iat, token: $0.token, isTrusted: false)
      }
      state.operators = operators + former
    }
  }

  /// Gives up the bytes of old versions.
  public func giveUpVersions(of accounts: [AccountKey], keeping versions: Int) async throws -> Int {
    state.withLock { state in
      var count = 0
      for account in Set(accounts) {
        var newer = 0
        for place in state.records.indices.reversed() where state.records[place].change.subject == account {
          let change = state.records[place].change
          let isOfClaims = change.kind.isVersion || change.kind == .close
          if isOfClaims, newer >= max(1, versions), state.giveUp(place) { count += 1 }
          if change.kind.isVersion { newer += 1 }
        }
      }
      return count
    }
  }

  /// Gives up the bytes of old delete claims.
  public func giveUpTombstones(before time: Int64, limit: Int) async throws -> Int {
    state.withLock { state in
      let old = state.records.indices.filter { place in
        let change = state.records[place].change
        return change.kind == .delete && change.token != nil && change.time < time
      }
      let oldest = old.sorted { state.records[$0].change.time < state.records[$1].change.time }.prefix(limit)
      return oldest.count { state.giveUp($0) }
    }
  }

  /// Nothing is to be closed.
  public func close() throws {}
}

/// One transaction: what it appended lies beside the state until all went well.
private final class MemoryTransaction: LogTransaction {
  private var base: MemoryChangeLog.State
  private var appended: [ChangeRecord] = []
  private var activations: [ActivationHash: [ChangeRecord]] = [:]

  init(_ state: MemoryChangeLog.State) {
    base = state
  }

  /// Gives what was appended, and lets go of the state, so that it can grow in place.
  func finish() -> (records: [ChangeRecord], activations: [ActivationHash: [ChangeRecord]]) {
    base = MemoryChangeLog.State()
    return (appended, activations)
  }

  func append(_ change: Change) throws -> ChangeRecord {
    let sequence = base.last + Int64(appended.count) + 1
    let chain = ChangeChain.link(after: appended.last?.chain ?? base.chain, sequence: sequence, change: change)
    let record = ChangeRecord(sequence: sequence, change: change, chain: chain)
    appended.append(record)
    return record
  }

  func append(_ change: Change, as hash: ActivationHash) throws -> ChangeRecord {
    let record = try append(change)
    activations[hash, default: []].append(record)
    return record
  }

  func activation(_ hash: ActivationHash) throws -> ChangeRecord? { records(of: hash).last }

  func contains(_ digest: TokenDigest, as hash: ActivationHash) throws -> Bool {
    records(of: hash).contains { $0.change.digest == digest }
  }

  private func records(of hash: ActivationHash) -> [ChangeRecord] {
    (base.activations[hash] ?? []) + (activations[hash] ?? [])
  }

  func contains(_ digest: TokenDigest, for account: AccountKey) throws -> Bool {
    base.digests[account]?.contains(digest) ?? false
      || appended.contains { $0.change.subject == account && $0.change.digest == digest }
  }

  func acceptance(of digest: TokenDigest, for account: AccountKey) throws -> Int64? {
    let isIt: (ChangeRecord) -> Bool = { $0.change.subject == account && $0.change.digest == digest }
    return (appended.last(where: isIt) ?? base.records.last(where: isIt))?.change.time
  }

  func newestToken(of account: AccountKey) throws -> ChangeRecord? {
    let isToken: (ChangeRecord) -> Bool = { record in
      record.change.subject == account && record.change.kind.isVersion
    }
    return appended.last(where: isToken) ?? base.records.last(where: isToken)
  }
}

extension ChangeRecord {
  /// The record as it is when its token's bytes were given up.
  fileprivate var withoutToken: ChangeRecord {
    ChangeRecord(
      sequence: sequence,
      change: Change(
        time: change.time, kind: change.kind, subject: change.subject, token: nil, digest: change.digest, jti: change.jti, iat: change.iat,
        generation: change.generation, expires: change.expires, issuer: change.issuer, actor: change.actor, owner: change.owner),
      chain: chain)
  }
}
