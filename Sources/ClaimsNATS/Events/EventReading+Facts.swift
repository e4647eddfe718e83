import Claims
import Nkeys

extension EventReading {
  /// What matters of the event, each a few words for people. No token is among them, and nothing that steers a terminal.
  public var facts: [String] {
    switch event.kind {
    case .connect, .disconnect, .leafConnect, .leafDisconnect: return clientFacts
    case .authError:
      return clientFacts + (client?.token != nil ? ["account and user by its unverified token"] : [])
    case .connections:
      return ["connections \(figure("conns"))", "leaf nodes \(figure("leafnodes"))", "in total \(figure("total_conns"))"]
    case .stats:
      return [
        "connections \(figure("connections"))", "subscriptions \(figure("subscriptions"))",
        "memory \(Quantity.bytes(statistics?["mem"]?.integer ?? 0))", "slow consumers \(figure("slow_consumers"))",
      ]
    case .shutdown, .lameDuck:
      return event.server.map { ["id \(TokenText.line($0.id))", "version \(TokenText.line($0.version))"] } ?? []
    case .update: return claimFacts
    case .delete: return ["deletes \(accounts.isEmpty ? "no account" : accounts.joined(separator: " and "))"] + claimFacts
    }
  }

  private var clientFacts: [String] {
    let reason = event.body?["reason"]?.text.map { ["reason \(TokenText.line($0))"] } ?? []
    return (client?.line ?? []) + reason
  }

  private var claimFacts: [String] {
    guard let common = claims?.common else { return ["no readable token"] }
    return [
      "issued \(Timestamp.text(common.iat))", common.exp > 0 ? "expires \(Timestamp.text(common.exp))" : "never expires",
      "issuer \(TokenText.line(common.iss.text))", "jti \(TokenText.line(common.jti))",
    ]
  }

  private var statistics: JSONValue? { event.body?["statsz"] }

  private func figure(_ member: String) -> Int64 {
    ((event.kind == .stats ? statistics : event.body)?[member]?.integer) ?? 0
  }
}
