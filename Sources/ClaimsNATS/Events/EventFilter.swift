/// Which events are wanted. What is empty admits all.
public struct EventFilter: Sendable, Hashable {
  /// The kinds.
  public var kinds: Set<SystemEvent.Kind> = []
  /// The accounts: keys, names in a server's configuration, or names that events tell.
  public var accounts: Set<String> = []
  /// The servers that tell them, by name or id; claims come from no server.
  public var servers: Set<String> = []

  /// Admits everything.
  public init() {}

  /// The subjects to listen to.
  public var subjects: [String] {
    SystemSubject.all.filter { kinds.isEmpty || listened.contains($0.kind) }.map(\.pattern)
  }

  /// Whether an event is wanted.
  public func admits(_ event: SystemEvent) -> Bool {
    guard kinds.isEmpty || kinds.contains(event.kind) || event.leafKind.map(kinds.contains) == true else { return false }
    if !servers.isEmpty {
      guard let server = event.server, servers.contains(server.id) || servers.contains(server.name) else { return false }
    }
    return accounts.isEmpty || !accounts.isDisjoint(with: event.accounts) || event.accountName.map(accounts.contains) == true
  }

  /// Leaf nodes come as clients too.
  private var listened: Set<SystemEvent.Kind> {
    var listened = kinds
    if kinds.contains(.leafConnect) { listened.insert(.connect) }
    if kinds.contains(.leafDisconnect) { listened.insert(.disconnect) }
    return listened
  }
}

extension SystemEvent {
  /// The other kind that a leaf node's event counts as.
  fileprivate var leafKind: Kind? {
    guard kind == .connect || kind == .disconnect, ClientFacts(self)?.isLeafnode == true else { return nil }
    return kind == .connect ? .leafConnect : .leafDisconnect
  }
}
