import Claims

/// What a server replied to the question what it holds: of one account, or which accounts at all.
struct Holding: Sendable {
  /// What it holds of an account.
  enum Content: Sendable, Hashable {
    /// Nothing: it will ask when a client comes.
    case nothing
    /// Claims, and whether clients are let in by them: they are not over, and no closing claims.
    case claims(Token, isOpen: Bool)
    /// The account comes from the server's own configuration.
    case configured
  }

  /// Where servers are asked what they hold.
  static let subject = "$SYS.REQ.SERVER.PING.ACCOUNTZ"

  /// Replies hold an account's claims twice; one of more than this is not read.
  static let largest = 32 << 20

  let server: ServerInfo
  /// What it holds of the account that was asked about.
  let content: Content
  /// The accounts that it holds, where none was asked about.
  let accounts: [AccountKey]

  /// The question about an account.
  static func question(_ account: AccountKey) -> [UInt8] { Array(#"{"account":"\#(account)"}"#.utf8) }

  /// Reads a reply; nil when it is none of a nats-server.
  init?(_ payload: [UInt8]) {
    guard payload.count <= Self.largest, let reply = try? JSONReader().read(payload), let server = ServerInfo(reply) else { return nil }
    self.server = server
    let data = reply["data"]
    accounts = (data?["accounts"]?.elements ?? []).compactMap { $0.text.flatMap { try? AccountKey($0) } }
    guard let detail = data?["account_detail"], detail.members != nil else {
      content = .nothing
      return
    }
    let jwt = detail["jwt"]?.text ?? ""
    content = jwt.isEmpty ? .configured : .claims(Token(jwt).withoutTrailingLineFeed, isOpen: Self.isOpen(detail))
  }

  /// Whether a server lets an account's clients in, by its details: its claims are not over, and are no closing claims.
  static func isOpen(_ detail: JSONValue) -> Bool {
    // A limit of zero is left out. An account without claims comes from the server's own configuration, and has none.
    let limits = detail["decoded_jwt"]?["nats"]?["limits"]
    let isClosed = limits?.members != nil && ["conn", "leaf"].allSatisfy { limits?[$0]?.integer ?? 0 == 0 }
    return detail["expired"]?.bool != true && !isClosed
  }
}
