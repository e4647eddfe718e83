import Claims
import Nkeys

/// A part of the index: entries in a row, found by key, with a bound on the tokens that are held in memory.
///
/// Keys, entries and tokens lie in rows of their own, because 100,000 accounts make every byte of padding felt. When the bound is passed, a
/// hand goes round over the entries and lets tokens go that nobody asked for since it came by the last time.
struct IndexShard {
  private var places = KeyPlaces()
  private var keys: [RawKey] = []
  /// The entries, without tokens.
  private var entries: [AccountEntry] = []
  private var tokens: [PackedToken?] = []
  private var wereAskedFor: [Bool] = []
  private var hand = 0
  private(set) var tokenBytes = 0
  private(set) var live = 0

  /// The entry of an account; one that is asked for keeps its token a while longer.
  mutating func entry(of account: RawKey) -> AccountEntry? {
    guard let place = places.place(of: account, in: keys) else { return nil }
    wereAskedFor[place] = true
    guard let packed = tokens[place] else { return entries[place] }
    return AccountEntry(entries[place], token: packed.token)
  }

  /// The entry of an account without its token.
  func bareEntry(of account: RawKey) -> AccountEntry? {
    places.place(of: account, in: keys).map { entries[$0] }
  }

  /// The accounts whose entries, without tokens, meet a condition, in no order.
  func accounts(where condition: (AccountEntry) -> Bool) -> [RawKey] {
    entries.indices.filter { condition(entries[$0]) }.map { keys[$0] }
  }

  /// Gives every account's key and entry, without tokens, in no order.
  func forEach(_ body: (RawKey, AccountEntry) -> Void) {
    for place in entries.indices { body(keys[place], entries[place]) }
  }

  /// Adds to each issuer how many accounts' claims it signed.
  func countIssuers(_ counts: inout [InternedName: Int]) {
    for entry in entries where !entry.isDeleted { counts[entry.issuer, default: 0] += 1 }
  }

  mutating func set(_ entry: AccountEntry, _ token: PackedToken?, for account: RawKey, largest: Int) {
    let bare = AccountEntry(entry, token: nil)
    if let place = places.place(of: account, in: keys) {
      tokenBytes -= tokens[place]?.size ?? 0
      live -= entries[place].isDeleted ? 0 : 1
      entries[place] = bare
      tokens[place] = token
    } else {
      makeRoom()
      keys.append(account)
      entries.append(bare)
      tokens.append(token)
      wereAskedFor.append(false)
      places.addLast(of: keys)
    }
    tokenBytes += token?.size ?? 0
    live += entry.isDeleted ? 0 : 1
    shrink(to: largest)
  }

  /// Puts a token in memory, unless the account changed since.
  mutating func remember(_ token: Token, at sequence: Int64, of account: RawKey, largest: Int) {
    guard let place = places.place(of: account, in: keys), entries[place].sequence == sequence, tokens[place] == nil,
      !entries[place].isDeleted
    else { return }
    let packed = PackedToken(token)
    tokens[place] = packed
    tokenBytes += packed.size
    shrink(to: largest)
  }

  /// Rows grow by a quarter: doubled, they would be half empty.
  private mutating func makeRoom() {
    guard keys.count == keys.capacity || entries.count == entries.capacity else { return }
    let room = keys.count + max(16, keys.count / 4)
    keys.reserveCapacity(room)
    entries.reserveCapacity(room)
    tokens.reserveCapacity(room)
    wereAskedFor.reserveCapacity(room)
  }

  private mutating func shrink(to largest: Int) {
    var steps = 2 * tokens.count
    while tokenBytes > largest, steps > 0 {
      steps -= 1
      hand = hand + 1 < tokens.count ? hand + 1 : 0
      guard let token = tokens[hand] else { continue }
      if wereAskedFor[hand] {
        wereAskedFor[hand] = false
      } else {
        tokenBytes -= token.size
        tokens[hand] = nil
      }
    }
  }
}
