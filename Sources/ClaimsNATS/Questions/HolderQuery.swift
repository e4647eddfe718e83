import Claims
import ClaimsRegistry

/// Asks the nats-servers which of them let clients of accounts in.
struct HolderQuery: AccountHolders {
  static let subject = "$SYS.REQ.SERVER.PING.ACCOUNTZ"

  let questions: ServerQuestions

  func holders(of accounts: [AccountKey]) async -> HoldersAnswer {
    do throws(NATSError) {
      var holders: [AccountKey: [String]] = [:]
      try await ask(accounts, &holders)
      guard accounts.isEmpty || !holders.isEmpty else { return .notAsked("no nats-server answered") }
      return .asked(holders)
    } catch {
      return .notAsked(error.message)
    }
  }

  private func ask(_ accounts: [AccountKey], _ holders: inout [AccountKey: [String]]) async throws(NATSError) {
    let questions = accounts.map { Array(#"{"account":"\#($0)"}"#.utf8) }
    guard let inquiry = try await self.questions.inquire(Self.subject, questions, patience: .servers) else { return }
    for (account, messages) in zip(accounts, inquiry.replies) {
      let answers = messages.compactMap(HolderReply.init)
      let held = answers.filter(\.isHeld)
      // That no server holds it can only be said when there was room for all replies.
      if !held.isEmpty || (!answers.isEmpty && inquiry.passedOver == 0) { holders[account] = held.map(\.server).sorted() }
    }
    guard inquiry.passedOver > 0, accounts.count > 1 else { return }
    let unclear = accounts.filter { holders[$0] == nil }
    let half = (unclear.count + 1) / 2
    for share in [unclear.prefix(half), unclear.dropFirst(half)] where !share.isEmpty { try await ask(Array(share), &holders) }
  }
}

/// What a server replied to the question whether it holds an account.
struct HolderReply: Sendable, Hashable {
  /// The server, by name and id.
  let server: String
  /// Whether it has the account in memory and lets its clients in: its claims are not over, and are no closing claims.
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
    // A limit of zero is left out. An account without claims comes from the server's own configuration, and has none.
    let limits = account["decoded_jwt"]?["nats"]?["limits"]
    let isClosed = limits?.members != nil && ["conn", "leaf"].allSatisfy { limits?[$0]?.integer ?? 0 == 0 }
    isHeld = account["expired"]?.bool != true && !isClosed
  }
}
