import Claims

extension AnnouncerCore {
  /// What was published together and waits for the server.
  struct Batch: Sendable {
    private(set) var items: [AnnouncementQueue.Item] = []
    private(set) var announcements: [Announcement] = []
    /// The size of all tokens.
    private(set) var bytes = 0
    /// The number of the link it went over.
    let link: Int
    private var places: [AccountKey: Int] = [:]

    init(link: Int = 0) {
      self.link = link
    }

    var count: Int { items.count }

    var isEmpty: Bool { items.isEmpty }

    /// The oldest record that waits for this batch.
    var firstSequence: Int64? { items.compactMap(\.firstSequence).min() }

    /// Lets a record wait for this batch, if the batch has the record's token or a newer one of its account.
    mutating func cover(_ record: Record) -> Bool {
      guard let place = places[record.account], announcements[place].sequence >= record.sequence else { return false }
      cover(record.account, from: record.sequence)
      return true
    }

    /// Lets an account's records from this one on wait for the batch.
    mutating func cover(_ account: AccountKey, from sequence: Int64) {
      guard let place = places[account] else { return }
      items[place].firstSequence = min(items[place].firstSequence ?? sequence, sequence)
    }

    /// Takes other announcements of the same accounts in the place of its own; what is published again after a failure are these.
    mutating func renew(_ renewed: [Announcement]) {
      for announcement in renewed {
        guard let place = places[announcement.account], announcement.sequence > announcements[place].sequence else { continue }
        announcements[place] = announcement
        items[place].closing = (announcement.sequence, announcement.token)
      }
    }

    mutating func append(_ announcement: Announcement, for item: AnnouncementQueue.Item) {
      places[announcement.account] = items.count
      items.append(item)
      announcements.append(announcement)
      bytes += announcement.token.bytes.count
    }
  }
}
