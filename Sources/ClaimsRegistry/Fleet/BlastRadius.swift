public import Claims
import Nkeys

/// What a change of an account's claims would do to the clients that are connected now.
///
/// The rules are nats-server's, as 2.9 and 2.15 were seen to act: beyond a connection limit the newest clients are closed, a client with as many
/// subscriptions as are allowed is closed,
/// and so is one whose user is revoked, whose user token was signed by a key that is taken out or gets another scope, or that came with nothing but
/// its token where that is no longer allowed.
public struct BlastRadius: Sendable, Hashable {
  /// One effect.
  public struct Effect: Sendable, Hashable {
    /// What changes, and what comes of it.
    public let text: String
    /// How many clients would be dropped; at least, when a server did not list all of them.
    public let dropped: Int
    /// How many it can be, because each server closes what it finds too many among all; as many as `dropped` where the servers decide alone.
    public var most: Int { largest ?? dropped }
    /// The servers where these clients are.
    public let servers: [String]
    var largest: Int?
  }

  /// The clients that are connected now.
  public let connected: ConnectedClients
  /// The effects; empty when nobody would notice.
  public let effects: [Effect]

  /// What would come of new claims in the place of the old ones; nil for none: an account that is new, or one that is to be deleted.
  public init(from old: AccountClaims?, to new: AccountClaims?, connected: ConnectedClients) {
    self.connected = connected
    guard let new else {
      effects = Self.deletion(connected)
      return
    }
    effects = [
      Self.connections(old?.limits.connections, new.limits.connections, connected),
      Self.leafNodes(old?.limits.leafNodes, new.limits.leafNodes, connected),
      Self.subscriptions(old?.limits.subs, new.limits.subs, connected),
      Self.revocations(old?.revocations ?? Revocations(), new.revocations, connected),
      Self.signingKeys(old?.signingKeys ?? SigningKeys(), new.signingKeys, connected),
      Self.bearers(old?.limits.disallowBearer ?? false, new.limits.disallowBearer, connected),
    ].compactMap { $0 }
  }

  private static func deletion(_ connected: ConnectedClients) -> [Effect] {
    guard connected.count > 0 else { return [] }
    let servers = connected.servers.keys.sorted()
    return [
      Effect(
        text: "the account is deleted; \(connected.count) connected now: all would be dropped on \(servers.joined(separator: ", "))",
        dropped: connected.count, servers: servers)
    ]
  }

  /// Servers count leaf nodes as connections. At first each keeps as many of its own as are allowed; when it hears of those of the others, each closes
  /// what is too many among all, so that in the end it can be more than need be.
  private static func connections(_ old: Limit?, _ new: Limit, _ connected: ConnectedClients) -> Effect? {
    guard old != new else { return nil }
    let change = "connections \(old?.description ?? "none") → \(new)"
    let allowed = Int(clamping: max(0, new.value))
    let over = new.isUnlimited ? 0 : max(0, connected.count - allowed)
    guard over > 0 else {
      return Effect(text: "\(change); \(connected.count) connected now: none would be dropped", dropped: 0, servers: [])
    }
    let most = connected.servers.values.reduce(0) { $0 + max(min($1, over), $1 - allowed) }
    let servers = connected.servers.keys.sorted()
    let verb = over == connected.count ? "all would be dropped" : "\(over) would be dropped"
    return Effect(
      text: "\(change); \(connected.count) connected now: \(verb) on \(servers.joined(separator: ", "))", dropped: over, servers: servers,
      largest: most)
  }

  /// Servers close no leaf node for a lower limit of leaf nodes.
  private static func leafNodes(_ old: Limit?, _ new: Limit, _ connected: ConnectedClients) -> Effect? {
    guard old != new else { return nil }
    let count = connected.clients.count(where: \.isLeafNode)
    let change = "leaf nodes \(old?.description ?? "none") → \(new)"
    let isFull = !new.isUnlimited && Int64(count) >= new.value
    let refused = isFull ? ", new ones would be refused" : ""
    return Effect(text: "\(change); \(count) connected now: none would be dropped\(refused)", dropped: 0, servers: [])
  }

  /// A client that has as many as are allowed is closed too.
  private static func subscriptions(_ old: Limit?, _ new: Limit, _ connected: ConnectedClients) -> Effect? {
    guard old != new, !new.isUnlimited else { return nil }
    let over = connected.clients.filter { Int64($0.subscriptions) >= new.value }
    guard !over.isEmpty else { return nil }
    let change = "subscriptions \(old?.description ?? "none") → \(new)"
    return Effect(
      text: "\(change); \(over.count) connected now have as many or more and would be dropped on \(servers(over))", dropped: over.count,
      servers: Set(over.map(\.server)).sorted())
  }

  private static func revocations(_ old: Revocations, _ new: Revocations, _ connected: ConnectedClients) -> Effect? {
    guard old != new else { return nil }
    let hit = connected.clients.filter { client in
      guard let iat = client.iat else { return false }
      let key = KeyReference(client.user)
      return new.isRevoked(key, issuedAt: iat) && !old.isRevoked(key, issuedAt: iat)
    }
    let added = new.times.filter { old.times[$0.key] != $0.value }.count
    guard added > 0 || !hit.isEmpty else { return nil }
    return effect(of: added == 1 ? "1 revocation" : "\(added) revocations", on: hit, connected)
  }

  private static func signingKeys(_ old: SigningKeys, _ new: SigningKeys, _ connected: ConnectedClients) -> Effect? {
    let removed = old.keys.filter { !new.contains($0) }
    let altered = old.keys.filter { new.contains($0) && new.scope(of: $0) != old.scope(of: $0) }
    guard !removed.isEmpty || !altered.isEmpty else { return nil }
    let keys = Set((removed + altered).map(\.text))
    let hit = connected.clients.filter { $0.issuer.map { keys.contains($0) } ?? false }
    let parts = [(removed, "taken out"), (altered, "with another scope")].filter { !$0.0.isEmpty }.map { keys, what in
      "\(keys.count) signing key\(keys.count == 1 ? "" : "s") \(what)"
    }
    return effect(of: parts.joined(separator: ", "), on: hit, connected)
  }

  private static func bearers(_ old: Bool, _ new: Bool, _ connected: ConnectedClients) -> Effect? {
    guard new, !old else { return nil }
    return effect(of: "bearer tokens not allowed", on: connected.clients.filter(\.isBearer), connected)
  }

  private static func effect(of change: String, on hit: [ConnectedClient], _ connected: ConnectedClients) -> Effect {
    let part = connected.isComplete ? "" : " of the \(connected.clients.count) that servers listed"
    guard !hit.isEmpty else {
      return Effect(text: "\(change); \(connected.count) connected now: none\(part) would be dropped", dropped: 0, servers: [])
    }
    return Effect(
      text: "\(change); \(connected.count) connected now: \(hit.count)\(part) would be dropped on \(servers(hit))",
      dropped: hit.count, servers: Set(hit.map(\.server)).sorted())
  }

  private static func servers(_ clients: [ConnectedClient]) -> String { Set(clients.map(\.server)).sorted().joined(separator: ", ") }

  /// The effects for programs.
  public var json: JSONValue {
    .object([
      .init("connected", .integer(Int64(connected.count))),
      .init("servers", .object(connected.servers.sorted { $0.key < $1.key }.map { .init($0.key, .integer(Int64($0.value))) })),
      .init("complete", .bool(connected.isComplete)), .init("silent", .array(connected.silent.map { .string($0) })),
      .init(
        "effects",
        .array(
          effects.map { effect in
            .object([
              .init("text", .string(effect.text)), .init("dropped", .integer(Int64(effect.dropped))),
              .init("most", .integer(Int64(effect.most))),
              .init("servers", .array(effect.servers.map { .string($0) })),
            ])
          })),
    ])
  }
}
