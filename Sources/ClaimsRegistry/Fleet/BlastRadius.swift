public import Claims
import Nkeys

/// What a change of an account's claims would do to the clients that are connected now.
///
/// The rules are nats-server's: beyond a connection limit the newest clients are closed, a client with more subscriptions than allowed is closed,
/// and so is one whose user is revoked, whose user token was signed by a key that is taken out or gets another scope, or that came with nothing but
/// its token where that is no longer allowed.
public struct BlastRadius: Sendable, Hashable {
  /// One effect.
  public struct Effect: Sendable, Hashable {
    /// What changes, and what comes of it.
    public let text: String
    /// How many clients would be dropped; at least, when a server did not list all of them.
    public let dropped: Int
    /// The servers where these clients are.
    public let servers: [String]
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
      Self.limit("connections", old?.limits.connections, new.limits.connections, connected, isLeafNode: false),
      Self.limit("leaf nodes", old?.limits.leafNodes, new.limits.leafNodes, connected, isLeafNode: true),
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

  private static func limit(
    _ name: String, _ old: Limit?, _ new: Limit, _ connected: ConnectedClients, isLeafNode: Bool
  ) -> Effect? {
    guard old != new else { return nil }
    let listed = connected.clients.filter { $0.isLeafNode == isLeafNode }
    // Clients that a server did not list are taken for ordinary ones, which nearly all are.
    let count = isLeafNode ? listed.count : connected.count - connected.clients.count + listed.count
    let change = "\(name) \(old?.description ?? "none") → \(new)"
    let dropped = new.isUnlimited ? 0 : max(0, count - Int(clamping: max(0, new.value)))
    guard dropped > 0 else { return Effect(text: "\(change); \(count) connected now: none would be dropped", dropped: 0, servers: []) }
    let servers = isLeafNode ? Set(listed.map(\.server)).sorted() : connected.servers.keys.sorted()
    let verb = dropped == count ? "all would be dropped" : "\(dropped) would be dropped"
    return Effect(
      text: "\(change); \(count) connected now: \(verb) on \(servers.joined(separator: ", "))", dropped: dropped, servers: servers)
  }

  private static func subscriptions(_ old: Limit?, _ new: Limit, _ connected: ConnectedClients) -> Effect? {
    guard old != new, !new.isUnlimited else { return nil }
    let over = connected.clients.filter { !new.allows(Int64($0.subscriptions)) }
    guard !over.isEmpty else { return nil }
    return Effect(
      text:
        "subscriptions \(old?.description ?? "none") → \(new); \(over.count) connected now have more and would be dropped on \(servers(over))",
      dropped: over.count, servers: Set(over.map(\.server)).sorted())
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
      .init("complete", .bool(connected.isComplete)),
      .init(
        "effects",
        .array(
          effects.map { effect in
            .object([
              .init("text", .string(effect.text)), .init("dropped", .integer(Int64(effect.dropped))),
              .init("servers", .array(effect.servers.map { .string($0) })),
            ])
          })),
    ])
  }
}
