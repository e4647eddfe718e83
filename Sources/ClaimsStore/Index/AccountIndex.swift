import Claims
public import Nkeys
import Synchronization

/// Every account's entry in memory, for lookups from any thread.
///
/// 64 shards, each behind a lock that is held for one dictionary operation: an update never copies a dictionary that a reader holds.
public final class AccountIndex: Sendable {
  private final class Shard: Sendable {
    let entries = Mutex<[RawKey: AccountEntry]>([:])
  }

  private let shards: [Shard]

  init() {
    shards = (0..<64).map { _ in Shard() }
  }

  /// The entry of an account, tombstones included; nil for one never seen.
  public func entry(of account: RawKey) -> AccountEntry? {
    shard(of: account).entries.withLock { $0[account] }
  }

  /// How many accounts have a token.
  public var count: Int {
    shards.reduce(0) { sum, shard in
      sum + shard.entries.withLock { entries in entries.values.count { !$0.isDeleted } }
    }
  }

  /// The keys of all accounts that have a token, in no order.
  public func accounts() -> [RawKey] {
    shards.flatMap { shard in
      shard.entries.withLock { entries in entries.compactMap { $0.value.isDeleted ? nil : $0.key } }
    }
  }

  func set(_ entry: AccountEntry, for account: RawKey) {
    shard(of: account).entries.withLock { $0[account] = entry }
  }

  private func shard(of account: RawKey) -> Shard {
    // Keys are points of a curve: their first byte spreads evenly.
    shards[account.withUnsafeBytes { Int($0[0]) & 63 }]
  }
}
