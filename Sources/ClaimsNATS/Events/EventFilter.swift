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

  /// The subjects to listen to, each once.
  public var subjects: [String] {
    var subjects: [String] = []
    for subject in SystemSubject.all where kinds.isEmpty || listened.contains(subject.kind) {
      if !subjects.contains(subject.widePattern) { subjects.append(subject.widePattern) }
    }
    return subjects
  }

  /// Whether an event is wanted.
  public func admits(_ reading: EventReading) -> Bool {
    guard kinds.isEmpty || kinds.contains(reading.event.kind) || reading.leafKind.map(kinds.contains) == true else { return false }
    if !servers.isEmpty {
      guard let server = reading.event.server, servers.contains(server.id) || servers.contains(server.name) else { return false }
    }
    return accounts.isEmpty || !accounts.isDisjoint(with: reading.accounts) || reading.accountName.map(accounts.contains) == true
  }

  /// Leaf nodes come as clients too.
  private var listened: Set<SystemEvent.Kind> {
    var listened = kinds
    if kinds.contains(.leafConnect) { listened.insert(.connect) }
    if kinds.contains(.leafDisconnect) { listened.insert(.disconnect) }
    return listened
  }
}

extension EventReading {
  /// The other kind that a leaf node's event counts as.
  fileprivate var leafKind: SystemEvent.Kind? {
    guard client?.isLeafnode == true else { return nil }
    return switch event.kind {
    case .connect: .leafConnect
    case .disconnect: .leafDisconnect
    default: nil
    }
  }
}
