import Claims
import ClaimsRegistry

/// Asks the nats-servers which of them let clients of accounts in.
struct HolderQuery: AccountHolders {
  static let subject = "$SYS.REQ.SERVER.PING.ACCOUNTZ"

  let questions: ServerQuestions

  func holders(of accounts: [AccountKey]) async -> HoldersAnswer {
    do throws(NATSError) {
      let replies = try await questions.ask(Self.subject, accounts.map { Array(#"{"account":"\#($0)"}"#.utf8) })
      var holders: [AccountKey: [String]] = [:]
      for (account, messages) in zip(accounts, replies) {
        let answers = messages.compactMap(HolderReply.init)
        if !answers.isEmpty { holders[account] = answers.filter(\.isHeld).map(\.server).sorted() }
      }
      guard accounts.isEmpty || !holders.isEmpty else { return .notAsked("no nats-server answered") }
      return .asked(holders)
    } catch {
      return .notAsked(error.message)
    }
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
