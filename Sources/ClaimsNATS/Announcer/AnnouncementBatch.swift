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
    private var sequences: [AccountKey: Int64] = [:]

    init(link: Int = 0) {
      self.link = link
    }

    var count: Int { items.count }

    var isEmpty: Bool { items.isEmpty }

    /// The oldest record that waits for this batch.
    var firstSequence: Int64? { items.compactMap(\.firstSequence).min() }

    /// Whether the record's token, or a newer one of its account, is part of it.
    func covers(_ record: Record) -> Bool {
      sequences[record.account].map { $0 >= record.sequence } ?? false
    }

    mutating func append(_ announcement: Announcement, for item: AnnouncementQueue.Item) {
      items.append(item)
      announcements.append(announcement)
      bytes += announcement.token.bytes.count
      sequences[announcement.account] = announcement.sequence
    }
  }
}
