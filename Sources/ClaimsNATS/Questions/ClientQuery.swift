import Claims
import ClaimsRegistry
import Nkeys

/// Asks the nats-servers which clients of an account are connected.
struct ClientQuery: Sendable {
  static let subject = "$SYS.REQ.SERVER.PING.CONNZ"

  /// Clients that a server lists: with their tokens they must fit into one message.
  private static let mostListed = 512

  let questions: ServerQuestions

  /// The clients; nil when no server answered. Of `live` servers, by id and name, those that did not answer are named.
  func clients(of account: AccountKey, at live: [String: String]) async -> ConnectedClients? {
    let question = #"{"acc":"\#(account)","auth":true,"limit":\#(Self.mostListed)}"#
    guard let replies = try? await questions.ask(Self.subject, [Array(question.utf8)]).first else { return nil }
    let answers = replies.compactMap { Self.read($0) }
    guard !answers.isEmpty else { return nil }
    var all = ConnectedClients()
    for answer in answers {
      all.servers.merge(answer.clients.servers, uniquingKeysWith: +)
      all.clients += answer.clients.clients
    }
    let answered = Set(answers.map(\.server.id))
    all.silent = live.filter { !answered.contains($0.key) }.values.sorted()
    return all
  }

  /// Reads a server's reply; nil when it is none.
  static func read(_ message: InboxMessage) -> (server: ServerInfo, clients: ConnectedClients)? {
    guard !message.isNoResponders, message.payload.count <= Holding.largest, let reply = try? JSONReader().read(message.payload),
      let server = ServerInfo(reply), let data = reply["data"]
    else { return nil }
    let clients = (data["connections"]?.elements ?? []).map { client(of: $0, at: server.label) }
    let total = max(Int(Int32(clamping: data["total"]?.integer ?? 0)), clients.count)
    // More than any server can have is no number.
    return (server, ConnectedClients(servers: total > 0 ? [server.label: total] : [:], clients: clients))
  }

  private static func client(of connection: JSONValue, at server: String) -> ConnectedClient {
    let claims = connection["jwt"]?.text.flatMap { try? DecodedToken.decode(Token($0)).claims }
    var isBearer = false
    if case .user(let user)? = claims { isBearer = user.limits.bearerToken }
    return ConnectedClient(
      server: server, user: NATSError.printable(claims?.common.sub.text ?? connection["authorized_user"]?.text ?? ""),
      name: NATSError.printable(connection["name"]?.text ?? ""), iat: claims?.common.iat,
      subscriptions: Int(Int32(clamping: connection["subscriptions"]?.integer ?? 0)), isLeafNode: connection["kind"]?.text == "Leafnode",
      issuer: claims?.common.iss.text ?? connection["issuer_key"]?.text, isBearer: isBearer)
  }
}
