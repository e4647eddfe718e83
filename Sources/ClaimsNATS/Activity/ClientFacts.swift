import Claims
import ClaimsRegistry
import Nkeys

/// What the events of clients say of the client, beyond what every event says.
struct ClientFacts: Sendable, Hashable {
  /// The account of the token that the client showed: not proved, because the server refused it or says so itself; nil without one.
  let claimedAccount: String?
  /// Why it is gone; empty while it is not.
  let reason: String
  /// The connections and leaf nodes of a count.
  let connections: Int

  init(_ event: SystemEvent) {
    let body = event.body
    claimedAccount = body?["client"]?["jwt"]?.text.flatMap { Self.account(ofUser: Token($0)) }
    reason = NATSError.printable(body?["reason"]?.text ?? "")
    connections = Int(clamping: (body?["conns"]?.integer ?? 0) + (body?["leafnodes"]?.integer ?? 0))
  }

  /// The account that a user's token names.
  static func account(ofUser token: Token) -> String? {
    guard token.bytes.count <= Token.maximumSize, let claims = try? DecodedToken.decode(token).claims, case .user(let user) = claims
    else { return nil }
    let account = user.issuerAccount.isEmpty ? user.common.iss : user.issuerAccount
    return (try? AccountKey(account.text))?.text
  }
}
