import Nkeys

/// Where the keys of a row stand in it: an open table of numbers, which costs a few bytes a key. Nothing is ever taken out.
struct KeyPlaces {
  private static let none = UInt32.max

  private var table = [UInt32](repeating: none, count: 8)

  /// The place of a key in the row; nil when it is not there.
  func place(of key: RawKey, in row: [RawKey]) -> Int? {
    let entry = table[slot(of: key, in: row)]
    return entry == Self.none ? nil : Int(entry)
  }

  /// Notes the key at the end of the row, which must not have been in it before.
  mutating func addLast(of row: [RawKey]) {
    if row.count * 4 > table.count * 3 {
      table = [UInt32](repeating: Self.none, count: table.count * 2)
      for place in row.indices { table[slot(of: row[place], in: row)] = UInt32(place) }
    } else if let last = row.indices.last {
      table[slot(of: row[last], in: row)] = UInt32(last)
    }
  }

  /// The slot that holds the key's place, or the free one where it belongs.
  private func slot(of key: RawKey, in row: [RawKey]) -> Int {
    let mask = table.count - 1
    // Keys are points of a curve: their bytes spread evenly.
    var slot = Int(truncatingIfNeeded: key.withUnsafeBytes { $0.load(fromByteOffset: 8, as: UInt64.self) }) & mask
    while table[slot] != Self.none, row[Int(table[slot])] != key { slot = (slot + 1) & mask }
    return slot
  }
}
