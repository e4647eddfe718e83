import Claims
import ClaimsRegistry

/// Asks the nats-servers which of them let clients of accounts in.
struct HolderQuery: AccountHolders {
  static let subject = Holding.subject

  let questions: ServerQuestions

  /// How long all inquiries together may take.
  private static let patience = Duration.seconds(10)

  func holders(of accounts: [AccountKey]) async -> HoldersAnswer {
    var asked = Asked(until: .now + Self.patience)
    do throws(NATSError) {
      try await ask(accounts, &asked)
    } catch {
      if asked.holders.isEmpty { return .notAsked(error.message) }
    }
    if !accounts.isEmpty, asked.holders.isEmpty {
      return .notAsked(asked.isTooMuch ? "more came from nats-servers than there is room for" : "no nats-server answered")
    }
    return .asked(asked.holders)
  }

  private struct Asked {
    let until: ContinuousClock.Instant
    var holders: [AccountKey: [String]] = [:]
    var isTooMuch = false

    init(until: ContinuousClock.Instant) { self.until = until }
  }

  /// Asks about all at once, and in halves again when there was no room for all replies: only then it is known that no other server holds an account.
  private func ask(_ accounts: [AccountKey], _ asked: inout Asked) async throws(NATSError) {
    let payloads = accounts.map(Holding.question)
    guard let inquiry = try await questions.inquire(Self.subject, payloads, patience: .servers) else { return }
    if inquiry.passedOver > 0 {
      asked.isTooMuch = true
      guard accounts.count > 1, ContinuousClock.now < asked.until else { return }
      let half = accounts.count / 2
      try await ask(Array(accounts.prefix(half)), &asked)
      return try await ask(Array(accounts.dropFirst(half)), &asked)
    }
    for (account, messages) in zip(accounts, inquiry.replies) {
      let answers = messages.compactMap(HolderReply.init)
      if !answers.isEmpty { asked.holders[account] = answers.filter(\.isHeld).map(\.server).sorted() }
    }
  }
}

/// What a server replied to the question whether it holds an account.
struct HolderReply: Sendable, Hashable {
  /// The server, by name and id.
  let server: String
  /// Whether it has the account in memory and lets its clients in.
  let isHeld: Bool

  /// Replies hold an account's claims twice; one of more than this is not read.
  static let largest = Holding.largest

  /// Reads a reply; nil when it is none of a nats-server.
  init?(_ message: InboxMessage) {
    guard !message.isNoResponders, message.payload.count <= Self.largest, let reply = try? JSONReader().read(message.payload),
      let name = ServerInfo(reply)
    else { return nil }
    server = name.name.isEmpty || name.name == name.id ? name.id : "\(name.name) (\(name.id))"
    guard let account = reply["data"]?["account_detail"], account.members != nil else {
      isHeld = false
      return
    }
    isHeld = Holding.isOpen(account)
  }
}
