import Claims
import ClaimsRegistry
import Nkeys
import Testing

@Suite("The blast radius of a change")
struct BlastRadiusTests {
  private let connected = ConnectedClients(
    servers: ["s1": 3, "s3": 2],
    clients: [
      client("s1", "UA", iat: 10), client("s1", "UB", iat: 20, subscriptions: 9), client("s1", "UA", iat: 30), client("s3", "UC", iat: 10),
      client("s3", "UD", iat: nil),
    ])

  private static func client(_ server: String, _ user: String, iat: Int64?, subscriptions: Int = 1) -> ConnectedClient {
    ConnectedClient(server: server, user: user, name: "", iat: iat, subscriptions: subscriptions, isLeafNode: false)
  }

  private func claims(_ edit: (inout AccountClaims) -> Void = { _ in }) -> AccountClaims {
    var claims = AccountClaims(subject: "A")
    claims.limits = .standard
    edit(&claims)
    return claims
  }

  private func texts(_ new: AccountClaims, _ connected: ConnectedClients? = nil) -> [String] {
    BlastRadius(from: claims(), to: new, connected: connected ?? self.connected).effects.map(\.text)
  }

  @Test("of a lower connection limit are those above it; each server closes what it finds too many, so it can be more")
  func connections() {
    let effect = BlastRadius(from: claims(), to: claims { $0.limits.connections = 2 }, connected: connected).effects.first
    #expect(effect?.dropped == 3)
    #expect(effect?.most == 5)
    #expect(
      texts(claims { $0.limits.connections = 2 })
        == ["connections unlimited → 2; 5 connected now: 3 would be dropped on s1, s3"])
    #expect(
      texts(claims { $0.limits.connections = 0 })
        == ["connections unlimited → 0; 5 connected now: all would be dropped on s1, s3"])
    #expect(texts(claims { $0.limits.connections = 9 }) == ["connections unlimited → 9; 5 connected now: none would be dropped"])
  }

  @Test("of a revocation are the users it names, and all of them for all keys, up to its time")
  func revocations() {
    #expect(
      texts(claims { $0.revocations.revoke("UA", at: 20) })
        == ["1 revocation; 5 connected now: 1 would be dropped on s1"])
    #expect(
      texts(claims { $0.revocations.revoke(Revocations.allKeys, at: 20) })
        == ["1 revocation; 5 connected now: 3 would be dropped on s1, s3"])
    #expect(texts(claims { $0.revocations.revoke("UX", at: 20) }) == ["1 revocation; 5 connected now: none would be dropped"])
  }

  @Test("of a lower limit of subscriptions are the clients that have as many, or more")
  func subscriptions() {
    #expect(
      texts(claims { $0.limits.subs = 5 })
        == ["subscriptions unlimited → 5; 1 connected now have as many or more and would be dropped on s1"])
    #expect(texts(claims { $0.limits.subs = 9 }).count == 1)
    #expect(texts(claims { $0.limits.subs = 10 }).isEmpty)
  }

  @Test("of a signing key that is taken out or gets another scope are the users that it signed")
  func signingKeys() {
    func client(_ server: String, by issuer: String, isBearer: Bool = false) -> ConnectedClient {
      ConnectedClient(
        server: server, user: "U", name: "", iat: 1, subscriptions: 1, isLeafNode: false, issuer: issuer, isBearer: isBearer)
    }
    let connected = ConnectedClients(
      servers: ["s1": 2, "s2": 2],
      clients: [client("s1", by: "AX"), client("s2", by: "AX"), client("s2", by: "AY"), client("s1", by: "A", isBearer: true)])
    let old = claims { claims in for key in ["AX", "AY"] { claims.signingKeys.add(KeyReference(key)) } }
    func texts(_ edit: (inout AccountClaims) -> Void) -> [String] {
      var new = old
      edit(&new)
      return BlastRadius(from: old, to: new, connected: connected).effects.map(\.text)
    }
    #expect(
      texts { $0.signingKeys.remove("AX") }
        == ["1 signing key taken out; 4 connected now: 2 would be dropped on s1, s2"])
    #expect(
      texts { $0.signingKeys.add(UserScope(key: "AY")) }
        == ["1 signing key with another scope; 4 connected now: 1 would be dropped on s2"])
    #expect(texts { $0.signingKeys.add("AZ") }.isEmpty)
    #expect(texts { $0.limits.disallowBearer = true } == ["bearer tokens not allowed; 4 connected now: 1 would be dropped on s1"])
  }

  @Test("of a deletion are all; of what nobody notices none")
  func others() {
    #expect(
      BlastRadius(from: claims(), to: nil, connected: connected).effects.map(\.text)
        == ["the account is deleted; 5 connected now: all would be dropped on s1, s3"])
    #expect(BlastRadius(from: claims(), to: nil, connected: ConnectedClients()).effects.isEmpty)
    #expect(texts(claims { $0.description = "other" }).isEmpty)
  }

  @Test("counts leaf nodes as connections; their own limit closes none")
  func leafNodes() {
    let leaf = ConnectedClient(server: "s2", user: "UL", name: "", iat: 1, subscriptions: 1, isLeafNode: true)
    let connected = ConnectedClients(servers: ["s1": 1, "s2": 1], clients: [Self.client("s1", "UA", iat: 1), leaf])
    #expect(
      texts(claims { $0.limits.leafNodes = 0 }, connected)
        == ["leaf nodes unlimited → 0; 1 connected now: none would be dropped, new ones would be refused"])
    #expect(
      texts(claims { $0.limits.connections = 1 }, connected)
        == ["connections unlimited → 1; 2 connected now: 1 would be dropped on s1, s2"])
  }

  @Test("says when servers listed a part of very many")
  func partial() {
    let many = ConnectedClients(servers: ["s1": 1000], clients: [Self.client("s1", "UA", iat: 1)])
    #expect(
      texts(claims { $0.revocations.revoke("UA", at: 5) }, many)
        == ["1 revocation; 1000 connected now: 1 of the 1 that servers listed would be dropped on s1"])
    #expect(
      texts(claims { $0.limits.connections = 10 }, many) == ["connections unlimited → 10; 1000 connected now: 990 would be dropped on s1"])
  }
}
