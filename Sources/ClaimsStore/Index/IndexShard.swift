import Claims
import Nkeys

/// A part of the index: entries in a row, found by key, with a bound on the tokens that are held in memory.
///
/// When the bound is passed, a hand goes round over the entries and lets tokens go that nobody asked for since it came by the last time.
struct IndexShard {
  private struct Slot {
    var entry: AccountEntry
    var wasAskedFor = false
  }

  private var places: [RawKey: UInt32] = [:]
  private var slots: [Slot] = []
  private var hand = 0
  private(set) var tokenBytes = 0
  private(set) var live = 0

  /// The entry of an account; one that is asked for keeps its token a while longer.
  mutating func entry(of account: RawKey) -> AccountEntry? {
    guard let place = places[account] else { return nil }
    slots[Int(place)].wasAskedFor = true
    return slots[Int(place)].entry
  }

  /// The accounts and their entries, in no order.
  var all: some Sequence<(key: RawKey, entry: AccountEntry)> {
    places.lazy.map { [slots] in (key: $0.key, entry: slots[Int($0.value)].entry) }
  }

  mutating func set(_ entry: AccountEntry, for account: RawKey, largest: Int) {
    if let place = places[account] {
      let old = slots[Int(place)].entry
      tokenBytes -= old.token?.bytes.count ?? 0
      live -= old.isDeleted ? 0 : 1
      slots[Int(place)].entry = entry
    } else {
      places[account] = UInt32(slots.count)
      slots.append(Slot(entry: entry))
    }
    tokenBytes += entry.token?.bytes.count ?? 0
    live += entry.isDeleted ? 0 : 1
    shrink(to: largest)
  }

  /// Puts a token in memory, unless the account changed since.
  mutating func remember(_ token: Token, at sequence: Int64, of account: RawKey, largest: Int) {
    guard let place = places[account].map({ Int($0) }), slots[place].entry.sequence == sequence, slots[place].entry.token == nil,
      !slots[place].entry.isDeleted
    else { return }
    slots[place].entry = AccountEntry(slots[place].entry, token: token)
    tokenBytes += token.bytes.count
    shrink(to: largest)
  }

  private mutating func shrink(to largest: Int) {
    var steps = 2 * slots.count
    while tokenBytes > largest, steps > 0 {
      steps -= 1
      hand = hand + 1 < slots.count ? hand + 1 : 0
      guard let token = slots[hand].entry.token else { continue }
      if slots[hand].wasAskedFor {
        slots[hand].wasAskedFor = false
      } else {
        tokenBytes -= token.bytes.count
        slots[hand].entry = AccountEntry(slots[hand].entry, token: nil)
      }
    }
  }
}
