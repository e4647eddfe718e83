/// A map from texts to values, kept in the order in which it is written: by the bytes of its keys.
///
/// Keys are compared byte by byte. A dictionary would not do: Swift takes canonically equivalent texts as equal.
public struct ClaimsMap<Value> {
  /// One entry.
  public typealias Element = (key: String, value: Value)

  private var entries: [Element] = []

  /// An empty map.
  public init() {}

  /// A map of entries; of those with the same key the last one stays.
  public init(_ entries: some Sequence<(String, Value)>) {
    merge(entries)
  }

  /// The value of a key; nil when there is none. Setting nil removes the entry.
  public subscript(key: String) -> Value? {
    get {
      let index = position(of: key)
      return index < entries.count && entries[index].key.hasSameBytes(as: key) ? entries[index].value : nil
    }
    set {
      let index = position(of: key)
      let isPresent = index < entries.count && entries[index].key.hasSameBytes(as: key)
      switch (newValue, isPresent) {
      case (let value?, true): entries[index].value = value
      case (let value?, false): entries.insert((key, value), at: index)
      case (nil, true): entries.remove(at: index)
      case (nil, false): break
      }
    }
  }

  /// The keys in order.
  public var keys: [String] { entries.map(\.key) }

  /// The values in the order of their keys.
  public var values: [Value] { entries.map(\.value) }

  /// Adds entries; an entry with a key that exists replaces it.
  public mutating func merge(_ newer: some Sequence<(String, Value)>) {
    var all = entries
    for (key, value) in newer { all.append((key, value)) }
    guard all.count > entries.count else { return }
    let order = all.indices.sorted { left, right in
      all[left].key.utf8.lexicographicallyPrecedes(all[right].key.utf8)
        || (left < right && all[left].key.hasSameBytes(as: all[right].key))
    }
    entries.removeAll(keepingCapacity: true)
    for index in order {
      if let last = entries.last, last.key.hasSameBytes(as: all[index].key) { entries.removeLast() }
      entries.append(all[index])
    }
  }

  /// The first index whose key is not below the given one.
  private func position(of key: String) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].key.utf8.lexicographicallyPrecedes(key.utf8) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension ClaimsMap: RandomAccessCollection {
  /// The index of the first entry.
  public var startIndex: Int { entries.startIndex }
  /// The index behind the last entry.
  public var endIndex: Int { entries.endIndex }
  /// The entry at an index.
  public subscript(position: Int) -> Element { entries[position] }
}

extension ClaimsMap: ExpressibleByDictionaryLiteral {
  /// A map of the literal's entries.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self.init(elements)
  }
}

extension ClaimsMap: Sendable where Value: Sendable {}

extension ClaimsMap: Equatable where Value: Equatable {
  /// The same keys, byte for byte, with equal values.
  public static func == (left: Self, right: Self) -> Bool {
    left.entries.elementsEqual(right.entries) { $0.key.hasSameBytes(as: $1.key) && $0.value == $1.value }
  }
}

extension ClaimsMap: Hashable where Value: Hashable {
  /// Hashes the entries in order.
  public func hash(into hasher: inout Hasher) {
    for entry in entries {
      hasher.combine(entry.key)
      hasher.combine(entry.value)
    }
  }
}
