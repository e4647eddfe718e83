import Claims
import Nkeys

/// The client that an event is about: its member `client`.
struct ClientFacts: Sendable {
  /// Whom the client says it is: its user token, which nobody verified here.
  let token: UserOfToken?
  private let client: JSONValue

  /// Reads it; nil when the event has none.
  init?(_ event: SystemEvent) {
    guard let client = event.body?["client"], client.members != nil else { return nil }
    self.client = client
    token = client["jwt"]?.text.flatMap { UserOfToken(Token($0)) }
  }

  /// Whether it is a leaf node.
  var isLeafnode: Bool { client["kind"]?.text == "Leafnode" }

  /// The name of its account, when the server tells it: since 2.10 `name_tag` is the account's name, before that the user's.
  var accountName: String? {
    guard let name = text("name_tag"), name != token?.name, name != client["acc"]?.text else { return nil }
    return name
  }

  /// What is worth a place on a line.
  var line: [String] {
    var facts: [String] = []
    if isLeafnode { facts.append("leaf node") }
    if let user = text("user") ?? token?.key { facts.append("user \(plain(user))\(token.map { $0.label } ?? "")") }
    if let name = text("name") { facts.append("name \"\(plain(name))\"") }
    if let host = text("host") { facts.append("from \(plain(host))") }
    let library = [text("lang"), text("ver")].compactMap { $0 }.map { plain($0) }.joined(separator: " ")
    if !library.isEmpty { facts.append(library) }
    if let kind = text("client_type"), kind != "nats" { facts.append(plain(kind)) }
    if let rtt = client["rtt"]?.integer { facts.append("rtt \(Quantity.duration(nanoseconds: rtt))") }
    return facts
  }

  private func text(_ member: String) -> String? { client[member]?.text.flatMap { $0.isEmpty ? nil : $0 } }

  private func plain(_ text: String) -> String { TokenText.line(text) }
}

/// Who a user token is about. It proves nothing.
struct UserOfToken: Sendable {
  /// The user's key.
  let key: String
  /// The user's name.
  let name: String
  /// The account that issued it, by its identity key.
  let account: String

  /// Reads a token; nil when it is not readable.
  init?(_ token: Token) {
    guard let claims = try? DecodedToken.decode(token).claims else { return nil }
    key = claims.common.sub.text
    name = claims.common.name
    account = claims.issuerAccount.text.isEmpty ? claims.common.iss.text : claims.issuerAccount.text
  }

  /// The name behind the key, when there is one.
  var label: String { name.isEmpty ? "" : " (\(TokenText.line(name)))" }
}
