import Claims

/// What a nats-server replied to an announcement.
enum ServerReply: Sendable, Hashable {
  /// It uses the new claims.
  case applied
  /// It does not have the account in memory, and will ask for it when a client comes: as good as applied.
  case notLoaded
  /// It refuses the claims, in its own words.
  case refused(String)
  /// No server listens to updates of accounts.
  case noListener
  /// Something else.
  case unreadable

  /// Replies have some hundred bytes; one of more than this is not read.
  static let largest = 65_536

  /// Reads a reply: `data.message` is `jwt updated` or `jwt update skipped`, with a word of the resolver's kind in between; `error` has a
  /// `description`.
  init(_ message: InboxMessage) {
    if message.isNoResponders {
      self = .noListener
      return
    }
    guard message.payload.count <= Self.largest, let reply = try? JSONReader().read(message.payload) else {
      self = .unreadable
      return
    }
    if let text = reply["data"]?["message"]?.text, text.hasPrefix("jwt update") {
      self = text.hasSuffix("skipped") ? .notLoaded : .applied
    } else if let error = reply["error"], !error.isNull {
      self = .refused(NATSError.printable(error["description"]?.text ?? "no description"))
    } else {
      self = .unreadable
    }
  }
}
