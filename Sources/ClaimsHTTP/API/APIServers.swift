import Claims
import ClaimsRegistry
import ClaimsStore
import Hummingbird
import Nkeys

/// The nats-servers of the system for programs: who is there, and where they hold something else than the store.
struct APIServers: Sendable {
  let registry: Registry

  /// `GET /api/v1/servers`.
  func list(_ request: Request) throws -> JSONValue {
    _ = try APIQuery(request, [])
    let fleet = registry.fleet.current
    let unknown = registry.unknownAccounts.all { registry.store.index.bareEntry(of: $0.raw) != nil }
    return .object([
      .init("configured", .bool(fleet != nil)), .init("connected", .bool(fleet?.isConnected ?? false)),
      .init("servers", .array((fleet?.servers() ?? []).map(Self.json))),
      .init("drift", .array((fleet?.drift() ?? []).map(\.json))),
      .init(
        "unknown_accounts",
        .array(
          unknown.map { account, asked in
            .object([
              .init("account", .string(account.text)), .init("asked", .integer(Int64(asked.count))),
              .init("last", .string(TimePoint.text(milliseconds: asked.last))),
            ])
          })),
    ])
  }

  /// `GET /api/v1/accounts/<key>/clients`: who is connected now, and what a deletion would do; null when no nats-server can be asked.
  func clients(_ request: Request, _ account: AccountKey) async throws -> JSONValue {
    _ = try APIQuery(request, [])
    guard registry.store.index.bareEntry(of: account.raw) != nil else {
      throw Problem(.notFound, "unknown_account", "nothing was ever stored of the account \(account)")
    }
    let clients = await registry.fleet.current?.clients(of: account)
    return .object([
      .init("account", .string(account.text)),
      .init("clients", clients.map { .array($0.clients.map(Self.json)) } ?? .null),
      .init("deletion", clients.map { BlastRadius(from: nil, to: nil, connected: $0).json } ?? .null),
    ])
  }

  private static func json(_ server: FleetServer) -> JSONValue {
    .object([
      .init("id", .string(server.id)), .init("name", .string(server.name)), .init("version", .string(server.version)),
      .init("cluster", .string(server.cluster)), .init("state", .string(server.state.rawValue)),
      .init("silence_ms", .integer(Int64(server.silence / .milliseconds(1)))),
    ])
  }

  private static func json(_ client: ConnectedClient) -> JSONValue {
    .object([
      .init("server", .string(client.server)), .init("user", .string(client.user)), .init("name", .string(client.name)),
      .init("iat", client.iat.map { .integer($0) } ?? .null), .init("subscriptions", .integer(Int64(client.subscriptions))),
      .init("leaf_node", .bool(client.isLeafNode)),
    ])
  }
}

extension AccountDrift {
  /// The drift for programs.
  var json: JSONValue {
    .object([
      .init("account", .string(account.text)), .init("server", .string(server)), .init("name", .string(name)),
      .init("kind", .string(kind.rawValue)), .init("iat", .integer(iat)),
    ])
  }
}

extension AccountFigures {
  /// The figures for programs.
  var json: JSONValue {
    .object([
      .init("connected", .integer(Int64(connected))), .init("connections", Self.counts(connections)),
      .init("last_seen", lastSeen > 0 ? .string(TimePoint.text(milliseconds: lastSeen)) : .null),
      .init("connects", .integer(Int64(connects))), .init("disconnects", Self.counts(disconnects)),
      .init("auth_failures", .integer(Int64(authFailures))),
    ])
  }

  private static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .integer(Int64($0.value))) })
  }
}
