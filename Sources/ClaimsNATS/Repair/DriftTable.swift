import Claims
import ClaimsRegistry

/// Where servers were found to hold something else than the store, until they hold it again or are gone. Pure.
struct DriftTable: Sendable {
  struct Entry: Sendable, Hashable {
    let kind: AccountDrift.Kind
    let iat: Int64
  }

  private static let most = 16_384

  private var entries: [AccountKey: [String: Entry]] = [:]

  /// How many findings were not kept for want of room.
  private(set) var dropped = 0

  /// How many accounts some server holds differently.
  var count: Int { entries.count }

  /// Notes what a server was found with; nil when it holds what is stored, or nothing.
  mutating func set(_ account: AccountKey, at server: String, _ entry: Entry?) {
    guard let entry else {
      entries[account]?[server] = nil
      if entries[account]?.isEmpty ?? false { entries[account] = nil }
      return
    }
    guard entries[account] != nil || entries.count < Self.most else {
      dropped += 1
      return
    }
    entries[account, default: [:]][server] = entry
  }

  /// Servers are gone.
  mutating func left(_ servers: [String]) {
    guard !servers.isEmpty else { return }
    for (account, var held) in entries {
      for server in servers { held[server] = nil }
      entries[account] = held.isEmpty ? nil : held
    }
  }

  /// What there is, by account and server.
  func all(name: (String) -> String) -> [AccountDrift] {
    entries.flatMap { account, held in
      held.map { server, entry in
        AccountDrift(account: account, server: server, name: name(server), kind: entry.kind, iat: entry.iat)
      }
    }
    .sorted { ($0.account, $0.name, $0.server) < ($1.account, $1.name, $1.server) }
  }
}
