import Claims

/// Decides what to announce when, and how far the log is done with.
///
/// A pure machine: events come in, actions come out. It promises that the cursor never passes a record whose account's newest token has not
/// reached a server, and that nothing is published twice without need: an account that changed several times while NATS was away is
/// announced once, with its newest token. One batch is under way at a time, so an account's tokens keep their order.
struct AnnouncerCore: Sendable {
  /// The bounds of what is in memory and on the way.
  struct Limits: Sendable {
    /// Records read from the log at once.
    var page = 512
    /// Announcements published before the server is waited for.
    var batch = 256
    /// Bytes published before the server is waited for; a single larger token still goes.
    var batchBytes = 1 << 20
    /// Accounts that wait: of more nobody may ask for an announcement, and no more are read from the log while so many cannot be read from the store.
    var waiting = 1 << 17
    /// Closing claims that are kept for servers that missed them: the newest.
    var closings = 16_384
  }

  /// A record of the log.
  struct Record: Sendable {
    let sequence: Int64
    let account: AccountKey
    /// The token to announce; nil for a record that is not announced: what was found in the directory, and tombstones, of which servers
    /// cannot be told.
    let token: Token?
    /// Whether the record ends the account.
    var isTombstone = false
    /// Whether the token is closing claims, which are announced although a tombstone follows them.
    var isClosing = false
  }

  /// What the store holds of an account.
  struct Newest: Sendable {
    enum Content: Sendable {
      case token(Token)
      case deleted
      /// The log cannot give the token now.
      case unreadable
    }

    let sequence: Int64
    let content: Content
  }

  /// A token on its way.
  struct Announcement: Sendable, Hashable {
    let account: AccountKey
    /// The record that brought the token.
    let sequence: Int64
    let token: Token
    /// Whether these are the closing claims of a deleted account.
    var isClosing = false
  }

  enum Event: Sendable {
    /// The log may have grown.
    case changed
    /// The next records after the last ones read, at most a page.
    case read([Record])
    case readFailed
    /// A failed read may be tried again.
    case readAgain
    /// What could not be read from the store may be tried again.
    case retryPostponed
    /// A connection is there; its server takes messages of this size.
    case linkUp(maximumPayload: Int)
    case linkDown
    /// These go in the place of those under way: closing claims among them were signed anew, and stored.
    case renewed([Announcement])
    /// The server has read the batch under way.
    case published([PublicationOutcome])
    /// It is not known what the server has read of the batch under way.
    case failed(NATSError)
    /// Someone asks for an account to be announced again.
    case renotice(AccountKey)
    case stop
  }

  enum Action: Sendable, Equatable {
    case read(after: Int64, limit: Int)
    case readAgainLater
    case retryPostponedLater
    case publish([Announcement])
    case saveCursor(Int64)
    /// The closing claims of these accounts went out: resolvers with a directory hold them now, also those that obeyed the deletion.
    case closed([AccountKey])
    /// There is nothing of this account that could be announced again: it is deleted, and its closing claims are not kept any more.
    case nothingLeft(AccountKey)
    /// The accounts whose claims cannot be announced, with the reason.
    case warnUnpublishable([Unpublishable])
    /// Nothing is under way any more.
    case finished
  }

  private let limits: Limits
  private let newest: @Sendable (AccountKey) -> Newest?
  private var position: Int64
  private var savedCursor: Int64
  private var queue = AnnouncementQueue()
  /// Accounts whose newest token the store could not give: an older one must not go in its place, and others must not wait for it.
  private var postponed: [AnnouncementQueue.Item] = []
  /// Sequences beyond `position` that need nothing any more, because their account was announced with them or something newer.
  private var announcedAhead: [AccountKey: Int64] = [:]
  private var underWay = Batch()
  /// The closing claims that were announced last, for servers that missed them.
  private var closings: [AccountKey: (sequence: Int64, token: Token)] = [:]
  private var unpublishable = UnpublishableChanges()
  /// The link of the moment, by number; nil while there is none.
  private var link: Int?
  private var links = 0
  /// Whether the last link ended because a message was too large: the next one would end the same way if that was forgotten.
  private var keepsLearnedLimit = false
  private var passedOver = 0
  private var isReading = false
  private var mayHaveMore = true
  private var isStopping = false
  private var isFinished = false

  /// Begins behind the record up to which everything was announced; `newest` asks the store for an account.
  init(cursor: Int64, limits: Limits = Limits(), newest: @escaping @Sendable (AccountKey) -> Newest?) {
    position = cursor
    savedCursor = cursor
    self.limits = limits
    self.newest = newest
  }

  /// The last record that is done with, and all before it.
  var cursor: Int64 {
    let first = ([queue.firstSequence, underWay.firstSequence] + postponed.map(\.firstSequence)).compactMap { $0 }.min()
    return first.map { min($0 - 1, position) } ?? position
  }

  mutating func handle(_ event: Event) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .changed: mayHaveMore = true
    case .read(let records): take(records, &actions)
    case .readFailed: actions.append(.readAgainLater)
    case .readAgain:
      isReading = false
      mayHaveMore = true
    case .retryPostponed:
      queue.putBack(postponed)
      postponed = []
    case .linkUp(let maximumPayload):
      links += 1
      link = links
      if !keepsLearnedLimit { unpublishable.forgetLimit() }
      keepsLearnedLimit = false
      for account in unpublishable.fitting(maximumPayload) { queue.add(account) }
    case .linkDown: link = nil
    case .renewed(let announcements): renew(announcements)
    case .published(let outcomes):
      settle(outcomes, &actions)
      saveCursor(&actions)
    case .failed(let error): fail(error, &actions)
    case .renotice(let account): if link != nil, !isStopping { renotice(account) }
    case .stop: isStopping = true
    }
    goOn(&actions)
    return actions
  }

  // MARK: What comes back

  private mutating func take(_ records: [Record], _ actions: inout [Action]) {
    isReading = false
    if records.count >= limits.page { mayHaveMore = true }
    for record in records {
      position = max(position, record.sequence)
      if record.isTombstone, unpublishable.remove(record.account) { actions.append(.warnUnpublishable(unpublishable.all)) }
      let isAnnounced = isAnnouncedAhead(record)
      guard let token = record.token, !isAnnounced, !underWay.cover(record) else { continue }
      resume(record.account)
      if record.isClosing {
        queue.addClosing(record.account, sequence: record.sequence, token: token)
      } else {
        queue.add(record.account, sequence: record.sequence, token: token)
      }
    }
  }

  /// What waits for a token that could not be read waits for the one that a record brought.
  private mutating func resume(_ account: AccountKey) {
    guard let place = postponed.firstIndex(where: { $0.account == account }) else { return }
    queue.add(postponed.remove(at: place))
  }

  private mutating func renotice(_ account: AccountKey) {
    // Who asked asks again as long as servers do not hold what is stored.
    if queue.count < limits.waiting || queue.contains(account) { queue.add(account) } else { passedOver += 1 }
  }

  /// How much there was no room for since this was asked the last time.
  mutating func takePassedOver() -> Int {
    defer { passedOver = 0 }
    return passedOver
  }

  /// Whether the record's token, or a newer one of its account, was announced before the record was read.
  private mutating func isAnnouncedAhead(_ record: Record) -> Bool {
    guard let sequence = announcedAhead[record.account] else { return false }
    if sequence <= record.sequence { announcedAhead[record.account] = nil }
    return sequence >= record.sequence
  }

  private mutating func settle(_ outcomes: [PublicationOutcome], _ actions: inout [Action]) {
    let before = unpublishable
    var closed: [AccountKey] = []
    for (announcement, outcome) in zip(underWay.announcements, outcomes) {
      switch outcome {
      case .sent:
        unpublishable.remove(announcement.account)
        if announcement.isClosing { closed.append(announcement.account) }
      case .tooLarge(let limit): unpublishable.add(announcement, limit: limit)
      }
      settled(announcement)
    }
    underWay = Batch()
    if !closed.isEmpty { actions.append(.closed(closed)) }
    if unpublishable != before { actions.append(.warnUnpublishable(unpublishable.all)) }
  }

  /// The records of fresh closing claims wait for the batch under way, whether they are read already or not.
  private mutating func renew(_ announcements: [Announcement]) {
    underWay.renew(announcements)
    for announcement in announcements where announcement.isClosing {
      guard let first = queue.removeClosing(of: announcement.account, at: announcement.sequence) else { continue }
      underWay.cover(announcement.account, from: first)
    }
  }

  private mutating func settled(_ announcement: Announcement) {
    closings[announcement.account] = announcement.isClosing ? (announcement.sequence, announcement.token) : nil
    if closings.count > limits.closings { forgetOldestClosings() }
    if announcement.sequence > position { announcedAhead[announcement.account] = announcement.sequence }
  }

  /// An eighth at a time: to look for the oldest takes as long as for one.
  private mutating func forgetOldestClosings() {
    let oldest = closings.sorted { $0.value.sequence < $1.value.sequence }.prefix(max(1, limits.closings / 8))
    for (account, _) in oldest { closings[account] = nil }
  }

  private mutating func fail(_ error: NATSError, _ actions: inout [Action]) {
    // Over this link nothing goes any more; a new one may be there already.
    if underWay.link == link { link = nil }
    if error.code == .payloadViolation, let largest = underWay.announcements.map(\.token.bytes.count).max() {
      // The account of our user may send less than its server takes, and the server says so only by closing the connection. If any message
      // of the batch was too large, the largest was: it is set aside, so that it does not hold up the others.
      unpublishable.learn(limit: largest - 1)
      keepsLearnedLimit = underWay.link == links
    }
    queue.putBack(underWay.items)
    underWay = Batch()
  }

  // MARK: What comes next

  private mutating func goOn(_ actions: inout [Action]) {
    if isStopping {
      guard underWay.isEmpty, !isFinished else { return }
      isFinished = true
      saveCursor(&actions)
      actions.append(.finished)
      return
    }
    guard let link else { return }
    if underWay.isEmpty { publish(over: link, &actions) }
    if queue.count < limits.batch, postponed.count < limits.waiting, mayHaveMore, !isReading {
      isReading = true
      mayHaveMore = false
      actions.append(.read(after: position, limit: limits.page))
    }
    saveCursor(&actions)
  }

  private mutating func publish(over link: Int, _ actions: inout [Action]) {
    let before = unpublishable
    let isRetryDue = !postponed.isEmpty
    underWay = Batch(link: link)
    while underWay.count < limits.batch, let item = queue.first {
      let announcement: Announcement
      switch wanted(by: item) {
      case .announcement(let wanted): announcement = wanted
      case .nothing:
        unpublishable.remove(item.account)
        actions.append(.nothingLeft(item.account))
        queue.removeFirst()
        continue
      case .unreadable:
        postponed.append(item.withoutToken)
        queue.removeFirst()
        continue
      }
      if let limit = unpublishable.learnedLimit, announcement.token.bytes.count > limit {
        unpublishable.add(announcement, limit: limit)
        settled(announcement)
        queue.removeFirst()
        continue
      }
      guard underWay.isEmpty || underWay.bytes + announcement.token.bytes.count <= limits.batchBytes else { break }
      underWay.append(announcement, for: item)
      queue.removeFirst()
    }
    if unpublishable != before { actions.append(.warnUnpublishable(unpublishable.all)) }
    if !isRetryDue, !postponed.isEmpty { actions.append(.retryPostponedLater) }
    if !underWay.isEmpty { actions.append(.publish(underWay.announcements)) }
  }

  private enum Wanted {
    case announcement(Announcement)
    case nothing
    case unreadable
  }

  /// The newest token of an account, from the store, or from the record if the store has not shown it yet. For a deleted account its closing
  /// claims, if it has any.
  private func wanted(by item: AnnouncementQueue.Item) -> Wanted {
    let stored = newest(item.account)
    if let known = item.newest, known.sequence >= stored?.sequence ?? 0 {
      return .announcement(Announcement(account: item.account, sequence: known.sequence, token: known.token))
    }
    guard let stored else { return .nothing }
    switch stored.content {
    case .token(let token): return .announcement(Announcement(account: item.account, sequence: stored.sequence, token: token))
    case .deleted:
      guard let closing = item.closing ?? closings[item.account] else { return .nothing }
      return .announcement(Announcement(account: item.account, sequence: closing.sequence, token: closing.token, isClosing: true))
    case .unreadable: return .unreadable
    }
  }

  private mutating func saveCursor(_ actions: inout [Action]) {
    // While a batch is under way there will be more to save when it is done.
    guard underWay.isEmpty, cursor > savedCursor else { return }
    savedCursor = cursor
    actions.append(.saveCursor(cursor))
  }
}
