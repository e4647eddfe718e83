import Claims
import Nkeys

extension SystemEvent {
  /// What matters of the event, each a few words for people. No token is among them, and nothing that steers a terminal.
  public var facts: [String] {
    switch kind {
    case .connect, .disconnect, .leafConnect, .leafDisconnect: return clientFacts
    case .authError:
      let isTold = ClientFacts(self)?.token != nil
      return clientFacts + (isTold ? ["account and user by its unverified token"] : [])
    case .connections:
      return ["connections \(figure("conns"))", "leaf nodes \(figure("leafnodes"))", "in total \(figure("total_conns"))"]
    case .stats:
      return [
        "connections \(figure("connections"))", "subscriptions \(figure("subscriptions"))",
        "memory \(Quantity.bytes(statistics?["mem"]?.integer ?? 0))", "slow consumers \(figure("slow_consumers"))",
      ]
    case .shutdown, .lameDuck:
      return server.map { ["id \(Self.plain($0.id))", "version \(Self.plain($0.version))"] } ?? []
    case .update: return claimFacts
    case .delete: return ["deletes \(accounts.isEmpty ? "no account" : accounts.joined(separator: " and "))"] + claimFacts
    }
  }

  private var clientFacts: [String] {
    let reason = body?["reason"]?.text.map { ["reason \(Self.plain($0))"] } ?? []
    return (ClientFacts(self)?.line ?? []) + reason
  }

  private var claimFacts: [String] {
    guard let common = claims?.common else { return ["no readable token"] }
    return [
      "issued \(Timestamp.text(common.iat))", common.exp > 0 ? "expires \(Timestamp.text(common.exp))" : "never expires",
      "issuer \(Self.plain(common.iss.text))", "jti \(Self.plain(common.jti))",
    ]
  }

  private var statistics: JSONValue? { body?["statsz"] }

  private func figure(_ member: String) -> Int64 {
    ((kind == .stats ? statistics : body)?[member]?.integer) ?? 0
  }
}
