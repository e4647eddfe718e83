import ClaimsRegistry

/// The nats-servers of the system: who was heard when. A pure ledger: what is heard and the time come in.
///
/// Nobody says how many servers there are. One is live from the first that is heard of it: an answer, a heartbeat (every ten seconds), any event.
struct Fleet: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// A server.
  struct Member: Sendable {
    var info: ServerInfo
    var state: FleetServer.State
    /// Since when it is live: from its first word, or the first after it was unseen.
    var joined: Instant
    var heard: Instant
    /// When it said that it stops or sends its clients away; nil when it did not.
    var farewell: Instant?
  }

  /// What hearing of a server changed.
  enum News: Sendable, Equatable {
    case joined
    /// It was unseen, and is back: it may have missed announcements.
    case returned
  }

  /// Whoever goes on talking so long after a farewell did not say it himself: anybody in the system account can.
  private static let afterlife = Duration.seconds(25)
  /// Lame duck mode ends within two minutes where nothing else is configured.
  private static let lameDuckLife = Duration.seconds(600)

  /// For so long two servers may be there under one name.
  private static let overlap = Duration.seconds(1)

  private let silence: Duration
  private let memory: Duration
  private let most: Int
  private(set) var members: [String: Member] = [:]
  /// Servers of which others took the place since the last look.
  private var replaced: [String] = []
  /// How often a server was heard of that there was no room for.
  private(set) var passedOver = 0

  /// - Parameters:
  ///   - silence: after how long without a word a server is unseen: three heartbeats.
  ///   - memory: after how long an unseen server is gone, and a gone one forgotten.
  ///   - most: how many servers are kept at most; more are not followed.
  init(silence: Duration = .seconds(30), memory: Duration = .seconds(600), most: Int = 10_000) {
    self.silence = silence
    self.memory = memory
    self.most = most
  }

  /// The ids of the servers that announcements must reach.
  var live: [String] { members.filter { $0.value.state == .live }.map(\.key) }

  /// The names of the servers that fell silent, without those that came back under another id.
  var unseen: [String] {
    let names = Set(members.values.filter { $0.state == .live }.map(\.info.label))
    return members.values.filter { $0.state == .unseen && !names.contains($0.info.label) }.map(\.info.label)
  }

  func isLive(_ id: String) -> Bool { members[id]?.state == .live }

  /// Whether a server may let clients in now.
  func hasClients(_ id: String) -> Bool { members[id].map { $0.state == .live || $0.state == .leaving } ?? false }

  /// A server said something. What a server says after its farewell changes nothing.
  mutating func heard(_ info: ServerInfo, at now: Instant) -> News? {
    guard var member = members[info.id] else {
      guard members.count < most else {
        passedOver += 1
        return nil
      }
      replace(info, at: now)
      members[info.id] = Member(info: info, state: .live, joined: now, heard: now)
      return .joined
    }
    member.heard = max(member.heard, now)
    // Some answers leave parts out.
    if !info.name.isEmpty { member.info = info }
    // A server stops within moments; one in lame duck mode talks on until its last client is gone.
    let isFalse: Bool
    switch member.state {
    case .gone: isFalse = member.farewell.map { $0.duration(to: now) >= Self.afterlife } ?? true
    case .leaving: isFalse = member.farewell.map { $0.duration(to: now) >= Self.lameDuckLife } ?? true
    default: isFalse = false
    }
    let isBack = member.state == .unseen || isFalse
    if isBack {
      member.farewell = nil
      member.state = .live
      member.joined = now
    }
    members[info.id] = member
    return isBack ? .returned : nil
  }

  /// A server that was killed comes back with its name and another id, and did not say that it stopped. If the old one is there after all, its next
  /// word says so.
  private mutating func replace(_ info: ServerInfo, at now: Instant) {
    guard !info.name.isEmpty, info.name != info.id else { return }
    for (id, member) in members
    where member.info.name == info.name && member.info.cluster == info.cluster && member.state == .live
      && member.heard.duration(to: now) >= Self.overlap
    {
      members[id]?.state = .unseen
      replaced.append(id)
    }
  }

  /// A server said that it sends its clients away.
  mutating func leaves(_ info: ServerInfo, at now: Instant) {
    _ = heard(info, at: now)
    guard members[info.id]?.state == .live else { return }
    members[info.id]?.state = .leaving
    members[info.id]?.farewell = now
  }

  /// A server said that it stops.
  mutating func stops(_ info: ServerInfo, at now: Instant) {
    _ = heard(info, at: now)
    guard members[info.id]?.state != .gone else { return }
    members[info.id]?.state = .gone
    members[info.id]?.farewell = now
  }

  /// There is a connection again: how long servers were not heard counts from now.
  mutating func hearAgain(at now: Instant) {
    for (id, var member) in members where member.state == .live || member.state == .leaving {
      member.heard = max(member.heard, now)
      members[id] = member
    }
  }

  /// Looks who was not heard for too long.
  ///
  /// - Returns: the servers that are not live any more since the last look.
  mutating func look(at now: Instant) -> [String] {
    var lost = replaced.filter { members[$0]?.state == .unseen }
    replaced = []
    for (id, var member) in members {
      let silent = member.heard.duration(to: now)
      switch member.state {
      case .live where silent >= silence, .leaving where silent >= silence:
        member.state = member.state == .live ? .unseen : .gone
        lost.append(id)
        members[id] = member
      case .unseen where silent >= memory:
        member.state = .gone
        members[id] = member
      case .gone where silent >= memory * 2: members[id] = nil
      default: break
      }
    }
    return lost
  }

  /// Everything, by name.
  func servers(at now: Instant) -> [FleetServer] {
    members.values.map { member in
      FleetServer(
        id: member.info.id, name: member.info.name, version: member.info.version, cluster: member.info.cluster, state: member.state,
        silence: max(.zero, member.heard.duration(to: now)))
    }
    .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
  }

  /// A server's name, or its id where it has none.
  func label(of id: String) -> String { members[id]?.info.label ?? id }
}
