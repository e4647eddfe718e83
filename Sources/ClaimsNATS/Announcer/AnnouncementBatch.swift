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
      items[place].firstSequence = min(items[place].firstSequence ?? record.sequence, record.sequence)
      return true
    }

    mutating func append(_ announcement: Announcement, for item: AnnouncementQueue.Item) {
      places[announcement.account] = items.count
      items.append(item)
      announcements.append(announcement)
      bytes += announcement.token.bytes.count
    }
  }
}
