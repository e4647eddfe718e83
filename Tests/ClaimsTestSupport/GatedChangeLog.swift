public import Claims
public import ClaimsStore
import Synchronization

/// A real log whose transactions, when told so, are durable a good while before whoever waits for them learns it.
public final class GatedChangeLog: ChangeLog {
  private let real: any ChangeLog
  private let gate = Mutex<(isClosed: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

  /// Wraps a log; its gate is open.
  public init(_ real: any ChangeLog) { self.real = real }

  /// Closes the gate: transactions commit, but do not return.
  public func close(gate isClosed: Bool) {
    let waiting = gate.withLock { gate in
      gate.isClosed = isClosed
      guard !isClosed else { return [CheckedContinuation<Void, Never>]() }
      defer { gate.waiting = [] }
      return gate.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Whether a committed transaction waits at the gate.
  public var isHolding: Bool { gate.withLock { !$0.waiting.isEmpty } }

  /// See `ChangeLog`.
  public func transaction<Result: Sendable>(_ body: @escaping @Sendable (any LogTransaction) throws -> Result) async throws -> Result {
    let result = try await real.transaction(body)
    await withCheckedContinuation { continuation in
      let isOpen = gate.withLock { gate in
        if gate.isClosed { gate.waiting.append(continuation) }
        return !gate.isClosed
      }
      if isOpen { continuation.resume() }
    }
    return result
  }

  /// See `ChangeLog`.
  public func forEachNewest(_ body: (ChangeRecord) throws -> Void) throws { try real.forEachNewest(body) }

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
