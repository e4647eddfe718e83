public import Claims
public import Nkeys
import Synchronization

/// Every account's entry in memory, for lookups from any thread.
///
/// 64 shards, each behind a lock that is held for one dictionary operation: an update never copies a dictionary that a reader holds.
public final class AccountIndex: Sendable {
  private final class Shard: Sendable {
    let content = Mutex(IndexShard())
  }

  private static let shardCount = 64

  private let shards: [Shard]
  private let names = NameTable()
  /// The most bytes of tokens that a shard holds.
  private let largestShard: Int

  /// An empty index that holds at most `tokenBytes` bytes of tokens in memory; nil for all of them.
  init(tokenBytes: Int? = nil) {
    shards = (0..<Self.shardCount).map { _ in Shard() }
    largestShard = tokenBytes.map { max(0, $0 / Self.shardCount) } ?? .max
  }

  /// The entry of an account, tombstones included; nil for one never seen.
  public func entry(of account: RawKey) -> AccountEntry? {
    shard(of: account).content.withLock { $0.entry(of: account) }
  }

  /// The entry of an account without its token, which is cheaper and does not count as asking for it.
  public func bareEntry(of account: RawKey) -> AccountEntry? {
    shard(of: account).content.withLock { $0.bareEntry(of: account) }
  }

  /// How many accounts have a token.
  public var count: Int {
    shards.reduce(0) { sum, shard in sum + shard.content.withLock { $0.live } }
  }

  /// How many bytes of tokens are in memory.
  public var tokenBytes: Int {
    shards.reduce(0) { sum, shard in sum + shard.content.withLock { $0.tokenBytes } }
  }

  /// All accounts that have a token, in no order.
  public func accounts() -> [AccountKey] {
    accounts { !$0.isDeleted }
  }

  /// All accounts, deleted ones included, whose entries meet a condition, in no order. The condition sees entries without their tokens.
  public func accounts(where condition: (AccountEntry) -> Bool) -> [AccountKey] {
    shards.flatMap { shard in shard.content.withLock { $0.accounts(where: condition) } }.compactMap { AccountKey(raw: $0) }
  }

  /// How many parts ``forEach(inPart:_:)`` has.
  public static var parts: Int { shardCount }

  /// Gives the key and entry, without its token, of every account in one part of the index, deleted ones included, in no order.
  ///
  /// The part is held meanwhile: what takes long comes afterwards. Whoever goes through all accounts needs no list of them.
  public func forEach(inPart part: Int, _ body: (RawKey, AccountEntry) -> Void) {
    shards[part].content.withLock { $0.forEach(body) }
  }

  /// How many accounts' claims each issuer signed.
  public var issuers: [String: Int] {
    var counts: [InternedName: Int] = [:]
    for shard in shards { shard.content.withLock { $0.countIssuers(&counts) } }
    return Dictionary(counts.map { (text(of: $0.key), $0.value) }, uniquingKeysWith: +)
  }

  /// The text of a name in an entry of this index.
  public func text(of name: InternedName) -> String { names.text(of: name) }

  func set(_ record: ChangeRecord) {
    set(NewestChange(record), token: record.change.token)
  }

  func set(_ newest: NewestChange, token: Token?) {
    let entry = AccountEntry(newest, token: token, issuer: names.intern(newest.issuer), owner: names.intern(newest.owner))
    let packed = entry.token.map { PackedToken($0) }
    shard(of: newest.subject.raw).content.withLock { $0.set(entry, packed, for: newest.subject.raw, largest: largestShard) }
  }

  /// The entry that a record will leave behind.
  func entry(_ record: ChangeRecord) -> AccountEntry {
    AccountEntry(
      NewestChange(record), token: record.change.token, issuer: names.intern(record.change.issuer),
      owner: names.intern(record.change.owner))
  }

  /// Puts a token in memory, unless the account changed since.
  func remember(_ token: Token, at sequence: Int64, of account: RawKey) {
    shard(of: account).content.withLock { $0.remember(token, at: sequence, of: account, largest: largestShard) }
  }

  /// Whether another token of this size still fits into memory.
  func hasRoom(for account: RawKey, bytes: Int) -> Bool {
    shard(of: account).content.withLock { $0.tokenBytes <= largestShard - min(bytes, largestShard) }
  }

  private func shard(of account: RawKey) -> Shard {
    // Keys are points of a curve: their first byte spreads evenly.
    shards[account.withUnsafeBytes { Int($0[0]) & (Self.shardCount - 1) }]
  }
}
