import Claims
import Nkeys

@testable import ClaimsNATS
@testable import ClaimsRegistry

/// A server of ours: the machines that decide are the real ones.
final class SimManager {
  /// How long one that ended is away.
  private static let away = 200...3000

  let node: Int
  let store: SimStore
  let world: SimWorld
  private var core = SimManager.freshCore
  var announcer: AnnouncerCore
  var peers = PeerQuestions()
  /// The hash that it told last.
  var told: [UInt8] = []
  /// Whether its program runs.
  private(set) var isRunning = false
  /// Whether it has a connection.
  private(set) var isUp = false
  /// The number of the connection: what was asked over one is not answered over the next.
  private(set) var session = 0
  /// How often it was started: what one run of the program waits for does not reach the next.
  private(set) var life = 0
  /// Whether the next that it publishes fails: nobody knows then what of it went out.
  var failsNext = false
  var counts = SimWorld.Counts()

  init(_ world: SimWorld, node: Int) {
    self.world = world
    self.node = node
    store = SimStore(
      clock: { [unowned world] in world.clock(of: node) },
      changed: { [unowned world] account, before, after in world.changed(node, account, before, after) })
    announcer = AnnouncerCore(cursor: 0, newest: store.lookup)
  }

  private static var freshCore: SystemCore {
    SystemCore(reconciler: Reconciler(limits: .init(interval: SimWorld.interval, budget: 50)))
  }

  var counted: SimWorld.Counts {
    var counted = counts
    counted.records = store.log.count
    return counted
  }

  // MARK: What happens to it

  func start() {
    isRunning = true
    connect()
  }

  private func connect() {
    isUp = true
    handle(.linkUp)
    announce(.linkUp(maximumPayload: 1 << 20))
    tell()
  }

  /// The connection is lost, and comes back.
  func loseLink() {
    guard isUp else { return }
    isUp = false
    session += 1
    handle(.linkDown)
    announce(.linkDown)
    comeBack()
  }

  /// The program ends and is started again: what its machines knew is lost, what is stored stays.
  func restart() {
    isRunning = false
    isUp = false
    failsNext = false
    session += 1
    life += 1
    core = Self.freshCore
    announcer = AnnouncerCore(cursor: store.cursor, newest: store.lookup)
    peers = PeerQuestions()
    told = []
    comeBack()
  }

  private func comeBack() {
    let session = session
    world.network.after(.milliseconds(Int.random(in: Self.away, using: &world.network.random))) { [self] in
      if self.session == session { start() }
    }
  }

  func push(_ account: AccountKey, _ token: SimToken) {
    guard isRunning else { return }
    store.push(account, token)
  }

  func delete(_ account: AccountKey, _ claim: SimToken) {
    guard isRunning else { return }
    store.delete(account, claim)
  }

  /// Something is stored.
  func changed() {
    announce(.changed)
    world.network.after(.milliseconds(1)) { [self] in
      // Others hear of a change at once.
      if isUp, peers.book.count > 0, store.whole != told { tell() }
    }
  }

  func tick() {
    guard isRunning else { return }
    handle(.tick)
    peers.look(at: world.network.instant)
  }

  // MARK: The servers

  func handle(_ event: SystemCore.Event) {
    for action in core.handle(event, at: world.network.instant) { perform(action) }
  }

  private func perform(_ action: SystemCore.Action) {
    switch action {
    case .announce(let account): announce(.renotice(account))
    case .ping:
      counts.pings += 1
      ask({ $0.info }, { [self] in handle(.heard($0)) })
    case .ask(.list):
      counts.lists += 1
      ask({ ($0.info, Array($0.loaded.keys)) }, { [self] in handle(.listed($0.0, $0.1)) })
    case .ask(.holdings(let accounts)):
      counts.holdings += accounts.count
      for account in accounts { ask({ ($0.info, $0.loaded[account]) }, { [self] in compare(account, $0.0, $0.1) }) }
    case .progress: break
    }
  }

  /// Asks all servers, over the connection of the moment.
  private func ask<Answer>(_ question: @escaping (SimServer) -> Answer, _ arrival: @escaping (Answer) -> Void) {
    guard isUp else { return }
    let session = session
    world.toServers(from: node) { [self] server in
      let found = question(server)
      world.network.send(from: server.node, to: node) { if self.session == session { arrival(found) } }
    }
  }

  private func compare(_ account: AccountKey, _ server: ServerInfo, _ token: SimToken?) {
    guard let token else { return handle(.holds(account, server)) }
    switch HeldClaims.compare(own: store.states[account]?.version, digest: token.digest, iat: token.iat, isOpen: true) {
    case .same: handle(.holds(account, server))
    case .deleted: handle(.differs(account, server, .init(kind: .deleted, iat: token.iat), nil))
    case .older: handle(.differs(account, server, .init(kind: .older, iat: token.iat), Self.cause))
    case .newer:
      switch store.push(account, token) {
      case .store?, .unchanged?: handle(.holds(account, server))
      default: handle(.differs(account, server, .init(kind: .older, iat: token.iat), Self.cause))
      }
    }
  }

  private static let cause = Repairs.Cause(text: "other claims", issuer: "", place: "")

  /// Claims that somebody else sent to the servers.
  func update(_ account: AccountKey, _ token: SimToken) {
    if SentClaims.areStored(store.states[account]?.version, digest: token.digest) { return }
    let code: Refusal.Code
    switch store.push(account, token) {
    case .store?, .unchanged?: return
    case .superseded?: code = .superseded
    default: code = .older
    }
    switch SentClaims(refused: code, own: store.states[account]?.version, iat: token.iat) {
    case .foreign: handle(.foreign(account, Self.cause))
    case .replaced: handle(.contradicted(account, Self.cause))
    case .harmless, .closing: break
    }
  }
}
