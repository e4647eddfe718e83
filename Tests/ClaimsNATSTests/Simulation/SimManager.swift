import Claims
import ClaimsRegistry
import ClaimsTestSupport
import Nkeys
import Synchronization

@testable import ClaimsNATS
@testable import ClaimsRegistry

/// A server of ours: the machines that decide are the real ones, the store is a dictionary under the store's own rules of order.
final class SimManager {
  /// What it stores of an account.
  struct State {
    let version: TokenVersion
    /// Nil for a tombstone.
    let token: SimToken?
    let sequence: Int64
  }

  /// What the announcer asks the store, from wherever it is.
  private final class Newest: Sendable {
    let entries = Mutex<[AccountKey: AnnouncerCore.Newest]>([:])
  }

  let node: Int
  private let world: SimWorld
  private(set) var states: [AccountKey: State] = [:]
  /// When what was accepted.
  private var seen: [AccountKey: [TokenDigest: Int64]] = [:]
  private var removed: [AccountKey: Freshness.Removed] = [:]
  private var log: [AnnouncerCore.Record] = []
  private var tokens: [TokenDigest: SimToken] = [:]
  private let newest = Newest()
  private var core = SystemCore(reconciler: Reconciler(limits: .init(interval: SimWorld.interval, budget: 50)))
  private var announcer: AnnouncerCore
  private var book = PeerBook()
  /// The hash of the states, until they change.
  private var known: (hash: StateHash, whole: [UInt8])?
  private(set) var counts = SimWorld.Counts()

  init(_ world: SimWorld, node: Int) {
    self.world = world
    self.node = node
    let newest = newest
    announcer = AnnouncerCore(cursor: 0) { account in newest.entries.withLock { $0[account] } }
  }

  func start() {
    announce(.linkUp(maximumPayload: 1 << 20))
    handle(.linkUp)
    tick()
    beacon()
  }

  // MARK: The store

  /// A push over HTTP, or claims that came over NATS.
  @discardableResult
  func push(_ account: AccountKey, _ token: SimToken) -> Freshness.Judgement? {
    guard token.isTrusted else { return nil }
    let judgement = judge(account, token)
    if case .store(let generation) = judgement {
      store(account, TokenVersion(iat: token.iat, generation: generation, digest: token.digest, isDeleted: false), token)
    }
    return judgement
  }

  private func judge(_ account: AccountKey, _ token: SimToken) -> Freshness.Judgement {
    let freshness = Freshness(iat: token.iat, digest: token.digest)
    let wasStored = { self.seen[account]?[token.digest] != nil }
    guard let state = states[account] else { return .store(generation: 0) }
    let version = state.version
    guard version.isDeleted else {
      return freshness.judge(
        after: .init(iat: version.iat, generation: version.generation, digest: version.digest), wasStored: wasStored)
    }
    // As the real rule does after a tombstone, whose entry cannot be made here.
    if token.iat > version.iat { return .store(generation: 0) }
    let gone = removed[account]
    guard token.digest != gone?.digest else { return .removed }
    guard token.iat == version.iat, gone.map({ $0.iat < token.iat }) ?? true, !wasStored() else { return .deleted }
    return .store(generation: version.generation + 1)
  }

  /// A delete claim over HTTP.
  func delete(_ account: AccountKey, _ claim: SimToken) {
    guard let state = states[account], !state.version.isDeleted, state.version.iat <= claim.iat,
      seen[account]?[claim.digest] == nil
    else { return }
    let next = claim.iat == state.version.iat ? state.version.generation + 1 : 0
    store(account, TokenVersion(iat: claim.iat, generation: next, digest: claim.digest, isDeleted: true), claim)
  }

  private func merge(_ account: AccountKey, _ state: State, claim: SimToken) -> Bool {
    let now = world.network.now.components.seconds * 1000
    let judgement = MergeRule.judge(state.version, over: states[account]?.version, now: now) {
      self.seen[account]?[state.version.digest]
    }
    guard judgement == .take else { return false }
    store(account, state.version, claim)
    return true
  }

  private func store(_ account: AccountKey, _ version: TokenVersion, _ token: SimToken) {
    if version.isDeleted, let old = states[account]?.token { removed[account] = Freshness.Removed(iat: old.iat, digest: old.digest) }
    let sequence = Int64(log.count) + 1
    known = nil
    seen[account, default: [:]][version.digest] = world.network.now.components.seconds * 1000
    tokens[version.digest] = token
    states[account] = State(version: version, token: version.isDeleted ? nil : token, sequence: sequence)
    let content: AnnouncerCore.Newest.Content = version.isDeleted ? .deleted : .token(token.token)
    newest.entries.withLock { $0[account] = AnnouncerCore.Newest(sequence: sequence, content: content) }
    log.append(
      AnnouncerCore.Record(
        sequence: sequence, account: account, token: version.isDeleted ? nil : token.token, isTombstone: version.isDeleted))
    world.accepted(account, version)
    announce(.changed)
  }

  // MARK: The machines

  func handle(_ event: SystemCore.Event) {
    for action in core.handle(event, at: world.network.instant) { perform(action) }
  }

  private func perform(_ action: SystemCore.Action) {
    switch action {
    case .announce(let account): announce(.renotice(account))
    case .ping:
      world.toServers(from: node) { server in
        let info = server.info
        self.world.network.send(from: server.node, to: self.node) { self.handle(.heard(info)) }
      }
    case .ask(.list):
      world.toServers(from: node) { server in
        let (info, accounts) = (server.info, Array(server.loaded.keys))
        self.world.network.send(from: server.node, to: self.node) { self.handle(.listed(info, accounts)) }
      }
    case .ask(.holdings(let accounts)):
      for account in accounts {
        world.toServers(from: node) { server in
          let (info, token) = (server.info, server.loaded[account])
          self.world.network.send(from: server.node, to: self.node) { self.compare(account, info, token) }
        }
      }
    case .progress: break
    }
  }

  private func compare(_ account: AccountKey, _ server: ServerInfo, _ token: SimToken?) {
    guard let token else { return handle(.holds(account, server)) }
    switch HeldClaims.compare(own: states[account]?.version, digest: token.digest, iat: token.iat, isOpen: true) {
    case .same: handle(.holds(account, server))
    case .deleted: handle(.differs(account, server, .init(kind: .deleted, iat: token.iat), nil))
    case .older: handle(.differs(account, server, .init(kind: .older, iat: token.iat), Self.cause))
    case .newer:
      switch push(account, token) {
      case .store?, .unchanged?: handle(.holds(account, server))
      default: handle(.differs(account, server, .init(kind: .older, iat: token.iat), Self.cause))
      }
    }
  }

  private static let cause = Repairs.Cause(text: "other claims", issuer: "", place: "")

  /// Claims that somebody else sent to the servers.
  func update(_ account: AccountKey, _ token: SimToken) {
    if let own = states[account], own.token?.digest == token.digest { return }
    switch push(account, token) {
    case .store?, .unchanged?: break
    default: if states[account]?.token != nil { handle(.foreign(account, Self.cause)) }
    }
  }

  private func announce(_ event: AnnouncerCore.Event) {
    for action in announcer.handle(event) {
      switch action {
      case .read(let position, let limit):
        let records = Array(log.filter { $0.sequence > position }.prefix(limit))
        world.network.after(.milliseconds(1)) { [self] in announce(.read(records)) }
      case .publish(let batch): publish(batch)
      default: break
      }
    }
  }

  private func publish(_ batch: [AnnouncerCore.Announcement]) {
    for announcement in batch {
      guard let token = tokens[announcement.token.digest] else { continue }
      counts.announcements += 1
      handle(.announced(announcement.account, sequence: announcement.sequence))
      let mark = DeliveryLedger.token(of: announcement.sequence)
      world.publish(announcement.account, token, from: node) { reply, server in
        self.handle(.replied(reply, token: mark, server))
      }
    }
    world.network.after(.milliseconds(2)) { [self] in announce(.published(batch.map { _ in .sent })) }
  }

  private func tick() {
    handle(.tick)
    world.network.after(.seconds(1)) { [self] in tick() }
  }

  // MARK: Peers

  private var hash: StateHash {
    if let known { return known.hash }
    var hash = StateHash()
    for (account, state) in states { hash.add(account.raw, state.version) }
    known = (hash, hash.whole)
    return hash
  }

  private var whole: [UInt8] {
    _ = hash
    return known?.whole ?? []
  }

  private func beacon() {
    let whole = whole
    for peer in world.managers where peer !== self {
      world.network.send(from: node, to: peer.node) { peer.heard(self, whole) }
    }
    world.network.after(.seconds(5)) { [self] in beacon() }
  }

  private func heard(_ peer: SimManager, _ theirs: [UInt8]) {
    guard book.heard("\(peer.node)", hash: theirs, own: whole, at: world.network.instant) else { return }
    counts.exchanges += 1
    let own = hash
    world.network.send(from: node, to: peer.node) {
      let differing = Set(peer.hash.differing(from: own))
      let told = peer.states.filter { differing.contains($0.key.raw.withUnsafeBytes { Int($0[0]) }) }
      let claims = told.mapValues { peer.tokens[$0.version.digest] }
      self.world.network.send(from: peer.node, to: self.node) {
        var taken = 0
        for (account, state) in told {
          if let claim = claims[account] ?? nil, self.merge(account, state, claim: claim) { taken += 1 }
        }
        self.book.answered("\(peer.node)", taken: taken, at: self.world.network.instant)
      }
    }
  }
}
