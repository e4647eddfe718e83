public import Claims
public import ClaimsStore
import Synchronization

/// A real log whose transactions fail as long as they are told to, or are durable a good while before whoever waits for them learns it.
public final class FaultyChangeLog: ChangeLog {
  private let real: any ChangeLog
  private let tidiesOften: Bool
  private let fault = Mutex<StoreError?>(nil)
  private let lateFault = Mutex<StoreError?>(nil)
  private let gate = Gate()

  private let upkeepFault = Mutex<StoreError?>(nil)

  /// Wraps a log; `tidiesOften` puts its upkeep behind every transaction.
  public init(_ real: any ChangeLog, tidiesOften: Bool = false) {
    self.real = real
    self.tidiesOften = tidiesOften
  }

  /// How transactions fail now.
  public var fails: StoreError? {
    get { fault.withLock { $0 } }
    set { fault.withLock { $0 = newValue } }
  }

  /// How the upkeep fails now.
  public var failsToTidy: StoreError? {
    get { upkeepFault.withLock { $0 } }
    set { upkeepFault.withLock { $0 = newValue } }
  }

  /// How transactions fail now although what they stored is there.
  public var failsAfterCommit: StoreError? {
    get { lateFault.withLock { $0 } }
    set { lateFault.withLock { $0 = newValue } }
  }

  /// See `ChangeLog`.
  public func transaction<Result: Sendable>(_ body: @escaping @Sendable (any LogTransaction) throws -> Result) throws -> Result {
    let fails = fails
    let result = try real.transaction { transaction in
      let result = try body(transaction)
      // The commit is what fails: everything before it went well.
      if let fails { throw fails }
      return result
    }
    gate.pass()
    if tidiesOften { try real.tidy() }
    if let failsAfterCommit { throw failsAfterCommit }
    return result
  }

  /// Closes the gate: transactions commit, but do not return.
  public func close(gate isClosed: Bool) { gate.close(isClosed) }

  /// Whether a committed transaction waits at the gate.
  public var isHolding: Bool { gate.isHolding }

  /// See `ChangeLog`. Fails as transactions do.
  public func prove() async throws {
    if let fails { throw fails }
    try await real.prove()
  }

  /// See `ChangeLog`.
  public func tidy() throws {
    if let failsToTidy { throw failsToTidy }
    try real.tidy()
  }

  /// See `ChangeLog`.
  public func forEachNewest(_ body: (NewestChange) throws -> Void) throws { try real.forEachNewest(body) }

  /// See `ChangeLog`.
  public func token(at sequence: Int64) throws -> Token? { try real.token(at: sequence) }

  /// See `ChangeLog`.
  public func activation(_ hash: ActivationHash) throws -> ChangeRecord? { try real.activation(hash) }

  /// See `ChangeLog`.
  public func knows(_ digest: TokenDigest, of account: AccountKey) throws -> Bool { try real.knows(digest, of: account) }

  /// See `ChangeLog`.
  public func operators() async throws -> [OperatorRecord] { try await real.operators() }

  /// See `ChangeLog`. Fails as transactions do.
  public func note(operators: [OperatorRecord]) async throws {
    if let fails { throw fails }
    try await real.note(operators: operators)
  }

  /// See `ChangeLog`.
  public func giveUpVersions(of accounts: [AccountKey], keeping versions: Int) async throws -> Int {
    try await real.giveUpVersions(of: accounts, keeping: versions)
  }

  /// See `ChangeLog`.
  public func giveUpTombstones(before time: Int64, limit: Int) async throws -> Int {
    try await real.giveUpTombstones(before: time, limit: limit)
  }

  /// See `ChangeLog`.
  public func changes(after sequence: Int64, limit: Int) async throws -> [ChangeRecord] {
    try await real.changes(after: sequence, limit: limit)
  }

  /// See `ChangeLog`.
  public func history(of account: AccountKey, limit: Int) async throws -> [ChangeRecord] {
    try await real.history(of: account, limit: limit)
  }

  /// See `ChangeLog`.
  public func lastSequence() async throws -> Int64 { try await real.lastSequence() }

  /// See `ChangeLog`.
  public func cursor(of reader: String) async throws -> Int64 { try await real.cursor(of: reader) }

  /// See `ChangeLog`.
  public func setCursor(of reader: String, to sequence: Int64) async throws { try await real.setCursor(of: reader, to: sequence) }

  /// See `ChangeLog`.
  public func close() throws { try real.close() }
}
