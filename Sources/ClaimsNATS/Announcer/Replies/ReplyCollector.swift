import Claims
import ClaimsRegistry
import CoreMetrics
import Logging
import Synchronization

/// Notes what servers reply to announcements: counts it, and says so when one refuses.
final class ReplyCollector: Sendable {
  private let book: Mutex<ReplyBook>
  private let learn: @Sendable (ServerInfo) -> Void
  private let applied: Counter
  private let notLoaded: Counter
  private let refused: Counter
  private let logger: Logger
  private let isNoListenerTold = Atomic(false)

  /// `learn` is told who replied.
  init(book: ReplyBook = ReplyBook(), metrics: MetricsRegistry, logger: Logger, learn: @escaping @Sendable (ServerInfo) -> Void) {
    self.book = Mutex(book)
    self.learn = learn
    self.logger = logger
    applied = metrics.counter(.announcements, "applied")
    notLoaded = metrics.counter(.announcements, "not_loaded")
    refused = metrics.counter(.announcements, "refused")
  }

  /// The messages that announce these changes.
  func publications(_ batch: [AnnouncerCore.Announcement]) -> [Publication] {
    let tokens = book.withLock { book in batch.map { book.expect($0.account, at: .now) } }
    return zip(batch, tokens).map { announcement, token in
      Publication(subject: "$SYS.ACCOUNT.\(announcement.account).CLAIMS.UPDATE", replyToken: token, payload: announcement.token.bytes)
    }
  }

  /// Forgets messages that may not have gone out.
  func forget(_ publications: [Publication]) {
    book.withLock { book in
      for token in publications.compactMap(\.replyToken) { book.forget(token) }
    }
  }

  /// Takes a message from the inbox.
  func receive(_ message: InboxMessage) {
    let reply = ServerReply(message)
    guard let account = book.withLock({ $0.note(reply, token: message.token, at: .now) }) else { return }
    switch reply {
    case .applied: applied.increment()
    case .notLoaded: notLoaded.increment()
    case .refused(let text):
      refused.increment()
      let server = ServerInfo(message.payload)
      logger.warning(
        "a nats-server refuses announced claims",
        metadata: ["account": "\(account)", "reply": "\(text)", "server": "\(server?.name ?? "")", "id": "\(server?.id ?? "")"])
    case .noListener:
      if !isNoListenerTold.exchange(true, ordering: .relaxed) {
        logger.warning(
          "no nats-server listens to updates of accounts", metadata: ["account": "\(account)"])
      }
    case .unreadable:
      logger.debug("a reply to an announcement cannot be read", metadata: ["account": "\(account)", "bytes": "\(message.payload.count)"])
    }
  }

  /// Closes the announcements that nobody replies to any more.
  func sweep() {
    for tally in book.withLock({ $0.sweep(at: .now) }) {
      logger.debug(
        tally.isSilent ? "no nats-server replied to an announcement" : "announced",
        metadata: [
          "account": "\(tally.account)", "applied": "\(tally.applied)", "not_loaded": "\(tally.notLoaded)", "refused": "\(tally.refused)",
        ])
    }
  }
}
