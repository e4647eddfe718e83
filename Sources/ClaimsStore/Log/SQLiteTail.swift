import Claims
import GRDB
import Nkeys
import Synchronization

/// Which records behind the last fold are of which account, in memory.
///
/// It is changed on GRDB's writer queue only, after what it says is committed. Readers ask it before their view of the log begins: then that
/// view has what they were told, here or folded.
final class SQLiteTail: Sendable {
  private struct State {
    /// The last record that is folded.
    var start: Int64 = 0
    /// An account's newest record.
    var newest: [RawKey: Int64] = [:]
    /// For each record its account's record before it; 0 for none.
    var previous: [Int64] = []
    /// The chain's value at the end; nil when the log must be asked.
    var chain: [UInt8]?

    var end: Int64 { start + Int64(previous.count) }
  }

  private let state = Mutex(State())

  /// The last record that it knows of.
  var end: Int64 { state.withLock { $0.end } }

  /// The last record and its chain value, as the last transaction left them; nil when the log must be asked.
  var link: (sequence: Int64, chain: [UInt8])? {
    state.withLock { state in state.chain.map { (state.end, $0) } }
  }

  /// How many records it knows.
  var count: Int { state.withLock { $0.previous.count } }

  /// An account's records, newest first.
  func records(of account: AccountKey) -> [Int64] {
    state.withLock { state in
      var records: [Int64] = []
      var next = state.newest[account.raw] ?? 0
      while next > 0 {
        records.append(next)
        next = state.previous[Int(next - state.start) - 1]
      }
      return records
    }
  }

  /// Adds the accounts of the records that follow, with the chain's value at their end where it is known.
  func add(_ accounts: [RawKey], chain: [UInt8]? = nil) {
    guard !accounts.isEmpty else { return }
    state.withLock { state in
      state.chain = chain
      for account in accounts {
        let sequence = state.end + 1
        state.previous.append(state.newest.updateValue(sequence, forKey: account) ?? 0)
      }
    }
  }

  /// Has the next transaction ask the log where it ends: one that failed may be there all the same.
  func forgetLink() { state.withLock { $0.chain = nil } }

  /// Reads everything anew.
  func load(_ db: Database) throws {
    let start = try SQLiteFold.end(db)
    let rows = try Row.fetchCursor(db, sql: "SELECT sequence, subject FROM change WHERE sequence > ? ORDER BY sequence", arguments: [start])
    var accounts: [RawKey] = []
    while let row = try rows.next() {
      let sequence = try SQLiteRow.number(row, 0)
      guard sequence == start + Int64(accounts.count) + 1, let account = try SQLiteRow.account(row, 1) else {
        throw StoreError(.damagedLog, "record \(sequence) of the log cannot be read: restore the log from a copy")
      }
      accounts.append(account.raw)
    }
    state.withLock { $0 = State(start: start) }
    add(accounts)
  }
}
