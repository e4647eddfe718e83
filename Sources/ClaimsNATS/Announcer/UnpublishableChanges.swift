import Claims

/// A change that no server can be told of, because its token is too large for a message.
struct Unpublishable: Sendable, Hashable {
  let account: AccountKey
  /// The token's bytes.
  let size: Int
  /// The largest message allowed.
  let limit: Int

  /// What to say about it.
  var text: String {
    "the claims of \(account) cannot be announced: they have \(size) bytes, a message to the nats-server may have \(limit); "
      + "servers see them when they load the account the next time; make the claims smaller, or raise max_payload: they are tried again over the next connection"
  }
}

/// The changes that cannot be announced as long as nothing else changes.
struct UnpublishableChanges: Sendable, Equatable {
  private var changes: [AccountKey: Unpublishable] = [:]
  /// What our user's account may send, found out by a refusal; nil as long as nothing was refused.
  private(set) var learnedLimit: Int?

  /// All of them, by account.
  var all: [Unpublishable] { changes.values.sorted { $0.account < $1.account } }

  mutating func add(_ announcement: AnnouncerCore.Announcement, limit: Int) {
    changes[announcement.account] = Unpublishable(account: announcement.account, size: announcement.token.bytes.count, limit: limit)
  }

  /// Forgets an account; true when there was something to forget.
  @discardableResult
  mutating func remove(_ account: AccountKey) -> Bool {
    changes.removeValue(forKey: account) != nil
  }

  /// Notes that messages above a size are refused.
  mutating func learn(limit: Int) {
    learnedLimit = min(learnedLimit ?? limit, limit)
  }

  /// Forgets what was refused: the limit may have been raised meanwhile.
  mutating func forgetLimit() {
    learnedLimit = nil
  }

  /// The accounts that a server with this limit can be told of after all.
  func fitting(_ maximumPayload: Int) -> [AccountKey] {
    let limit = min(maximumPayload, learnedLimit ?? maximumPayload)
    return all.filter { $0.size <= limit }.map(\.account)
  }
}
