import Claims

/// Accounts that wait to be announced, each once, in the order of their first change that waits.
struct AnnouncementQueue: Sendable {
  struct Item: Sendable {
    let account: AccountKey
    /// The oldest record that waits for this announcement; nil when none does, because someone asked for it.
    var firstSequence: Int64?
    /// The newest token read from the log.
    var newest: (sequence: Int64, token: Token)?
    /// The newest closing claims read from the log: what is announced if the account is deleted.
    var closing: (sequence: Int64, token: Token)?
  }

  private var order: [AccountKey] = []
  private var items: [AccountKey: Item] = [:]
  /// How many at the front of `order` are taken already.
  private var taken = 0

  var count: Int { items.count }

  var first: Item? { taken < order.count ? items[order[taken]] : nil }

  func contains(_ account: AccountKey) -> Bool { items[account] != nil }

  /// The oldest record that waits.
  var firstSequence: Int64? { items.values.compactMap(\.firstSequence).min() }

  /// Adds a record.
  mutating func add(_ account: AccountKey, sequence: Int64, token: Token) {
    add(Item(account: account, firstSequence: sequence, newest: (sequence, token)))
  }

  /// Adds a record of closing claims.
  mutating func addClosing(_ account: AccountKey, sequence: Int64, token: Token) {
    add(Item(account: account, firstSequence: sequence, closing: (sequence, token)))
  }

  /// Adds a wish.
  mutating func add(_ account: AccountKey) {
    add(Item(account: account))
  }

  mutating func removeFirst() {
    guard taken < order.count else { return }
    items[order[taken]] = nil
    taken += 1
    guard taken == order.count || taken >= 1024 else { return }
    order.removeFirst(taken)
    taken = 0
  }

  /// Takes an account out of the queue if nothing of it waits but the closing claims of a record, and gives the oldest record that waits.
  mutating func removeClosing(of account: AccountKey, at sequence: Int64) -> Int64? {
    guard let item = items[account], item.newest == nil, item.closing?.sequence == sequence else { return nil }
    items[account] = nil
    order = order[taken...].filter { $0 != account }
    taken = 0
    return item.firstSequence
  }

  /// Puts items back in front of all others, in their order.
  mutating func putBack(_ returned: [Item]) {
    let waiting = order[taken...].compactMap { items[$0] }
    self = AnnouncementQueue()
    for item in returned + waiting { add(item) }
  }

  mutating func add(_ item: Item) {
    guard let waiting = items.updateValue(item, forKey: item.account) else { return order.append(item.account) }
    items[item.account] = waiting.merged(with: item)
  }
}

extension AnnouncementQueue.Item {
  /// The item without the token, for one that the store holds something newer of.
  var withoutToken: Self {
    var item = self
    item.newest = nil
    return item
  }

  fileprivate func merged(with other: Self) -> Self {
    let isNewer = other.newest?.sequence ?? 0 > newest?.sequence ?? 0
    let isClosedLater = other.closing?.sequence ?? 0 > closing?.sequence ?? 0
    return Self(
      account: account, firstSequence: [firstSequence, other.firstSequence].compactMap { $0 }.min(),
      newest: isNewer ? other.newest : newest, closing: isClosedLater ? other.closing : closing)
  }
}
