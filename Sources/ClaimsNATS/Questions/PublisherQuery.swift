import Claims
import ClaimsRegistry
import Nkeys

/// Finds out who may have published on a subject of the system: a message does not say who sent it, but only clients of the system account can.
struct PublisherQuery: Sendable {
  private static let most = 8

  let questions: ServerQuestions
  /// Our own connection is none of those who are sought. Others of the same name may be: anybody can take it.
  let link: CurrentLink

  /// The other clients of the system accounts that sent anything, each as name, user, address and server; empty when none is known.
  func candidates(in accounts: Set<AccountKey>) async -> [String] {
    var found: [String] = []
    for account in accounts.sorted() {
      let question = Array(#"{"acc":"\#(account)","auth":true,"limit":256}"#.utf8)
      guard let replies = try? await questions.ask(ClientQuery.subject, [question]).first else { continue }
      found += replies.flatMap { read($0) }
    }
    let shown = found.sorted().prefix(Self.most)
    return found.count > shown.count ? shown + ["and \(found.count - shown.count) more"] : Array(shown)
  }

  func read(_ message: InboxMessage) -> [String] {
    guard !message.isNoResponders, message.payload.count <= Holding.largest, let reply = try? JSONReader().read(message.payload),
      let server = ServerInfo(reply)
    else { return [] }
    let own = link.connection
    return (reply["data"]?["connections"]?.elements ?? []).compactMap { connection in
      let name = connection["name"]?.text ?? ""
      let isOwn = server.id == own?.serverID && connection["cid"]?.integer.map { $0 == own?.clientID } ?? false
      guard connection["in_msgs"]?.integer ?? 0 > 0, !isOwn, connection["kind"]?.text ?? "Client" == "Client" else { return nil }
      let user = connection["jwt"]?.text.flatMap { try? DecodedToken.decode(Token($0)).claims.common }
      let label = [name, user?.name ?? "", user?.sub.text ?? connection["authorized_user"]?.text ?? ""].filter { !$0.isEmpty }
      let address = "\(connection["ip"]?.text ?? "?"):\(connection["port"]?.integer ?? 0)"
      return NATSError.printable("\(label.joined(separator: " / ")) at \(address) on \(server.label)")
    }
  }
}
