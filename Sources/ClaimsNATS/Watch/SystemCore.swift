import Claims
import ClaimsRegistry

/// Decides what to do about the servers of the system, so that all of them hold what is stored: who is there, what each confirmed, whom to ask,
/// what to announce again.
///
/// A pure machine: events and the time come in, actions come out.
struct SystemCore: Sendable {
  typealias Instant = ContinuousClock.Instant

  enum Event: Sendable {
    /// There is a connection.
    case linkUp
    /// There is none.
    case linkDown
    /// A change goes out.
    case announced(AccountKey, sequence: Int64, isClosing: Bool = false)
    /// It is not known whether it went out: it will be announced again.
    case notAnnounced(sequence: Int64)
    /// A server replied to the announcement with this token.
    case replied(ServerReply, token: String, ServerInfo)
    /// A server said something.
    case heard(ServerInfo)
    /// A server sends its clients away.
    case leaves(ServerInfo)
    /// A server stops.
    case stops(ServerInfo)
    /// A client of an account connected somewhere.
    case connecting(AccountKey)
    /// Somebody sent other claims of an account than those that are stored.
    case foreign(AccountKey, Repairs.Cause)
    /// Somebody sent claims of an account that were replaced here within their second: another of ours that does not know it yet, or an attack.
    case contradicted(AccountKey, Repairs.Cause)
    /// Somebody sent closing claims of an account that is not deleted here: another of ours deletes it, or an attack.
    case closed(AccountKey)
    /// An account was deleted here, by this record.
    case deleted(AccountKey, sequence: Int64)
    /// There is nothing of an account that could be announced again.
    case nothingLeft(AccountKey)
    /// A server listed the accounts that it holds.
    case listed(ServerInfo, [AccountKey])
    /// A server holds what is stored of an account, or nothing of it.
    case holds(AccountKey, ServerInfo, found: DeliveryLedger.Found? = nil)
    /// A server holds something else. The cause is nil when announcing cannot help.
    case differs(AccountKey, ServerInfo, DriftTable.Entry, Repairs.Cause?)
    case tick
  }

  enum Action: Sendable, Equatable {
    /// Announce what is stored of an account now.
    case announce(AccountKey)
    /// Ask all servers who they are.
    case ping
    /// Ask all servers.
    case ask(Reconciler.Question)
    /// Every server holds this account's newest change, or one more server said something about it.
    case progress(AccountKey)
  }

  /// How long after a repair servers are asked whether it worked, at first and again: an announcement can be overtaken by the other one on its
  /// way through the cluster.
  private static let secondLooks: [Duration] = [.milliseconds(300), .seconds(3)]
  /// How long after a change servers are asked what they made of it.
  private static let changeLook = Duration.seconds(3)
  /// How long after closing claims it is looked whether the account is deleted, and after a deletion who holds the account.
  private static let closingLook = Duration.milliseconds(600)
  private static let deletionLook = Duration.milliseconds(600)
  /// How long an announcement may be on its way; of one that answers somebody else's it is looked sooner whether it won.
  private static let onTheWay = Duration.seconds(1)
  private static let answerOnTheWay = Duration.milliseconds(250)
  /// How long after a connection is made the servers have said who they are.
  private static let acquaintance = Duration.milliseconds(500)
  /// How often servers are asked who they are.
  private static let pingInterval = Duration.seconds(30)

  private(set) var fleet: Fleet
  private(set) var deliveries: DeliveryLedger
  private(set) var repairs = Repairs()
  private(set) var reconciler: Reconciler
  private(set) var drift = DriftTable()
  var activity = AccountActivity()
  private var isUp = false
  private var linkSince: Instant?
  private var nextPing: Instant?

  init(fleet: Fleet = Fleet(), deliveries: DeliveryLedger = DeliveryLedger(), reconciler: Reconciler = Reconciler()) {
    self.fleet = fleet
    self.deliveries = deliveries
    self.reconciler = reconciler
  }

  /// How much there was no room for so far.
  var passedOver: Int {
    fleet.passedOver + reconciler.dropped + deliveries.givenUp + activity.dropped + repairs.uncounted + drift.dropped
  }

  mutating func handle(_ event: Event, at now: Instant) -> [Action] {
    switch event {
    case .linkUp:
      isUp = true
      linkSince = now
      fleet.hearAgain(at: now)
      reconciler.hurry(at: now)
      nextPing = now + Self.pingInterval
      return [.ping]
    case .linkDown:
      isUp = false
      return []
    case .announced(let account, let sequence, let isClosing):
      deliveries.announced(account, sequence: sequence, isClosing: isClosing, to: fleet.live, at: now)
      reconciler.urge(account, at: now + Self.changeLook)
      return []
    case .notAnnounced(let sequence):
      deliveries.failed(sequence: sequence)
      return []
    case .replied(let reply, let token, let server):
      hear(server, at: now)
      // Nobody waits for a server that leaves, whatever it says last.
      if case .refused = reply, !fleet.isLive(server.id) { return [] }
      return deliveries.replied(reply, token: token, server: server.id, at: now).map { [.progress($0.account)] } ?? []
    case .heard(let server):
      hear(server, at: now)
      return []
    case .leaves(let server):
      fleet.leaves(server, at: now)
      deliveries.left([server.id])
      return []
    case .stops(let server):
      fleet.stops(server, at: now)
      leave([server.id])
      return []
    case .connecting(let account):
      reconciler.urge(account, at: now)
      return []
    case .foreign(let account, let cause): return repair(account, cause, isAttack: true, at: now)
    case .contradicted(let account, let cause): return repair(account, cause, isAttack: false, at: now)
    case .closed(let account):
      // By then the deletion has come from the other one.
      reconciler.urge(account, at: now + Self.closingLook)
      return []
    case .deleted(let account, let sequence):
      deliveries.deleted(account, sequence: sequence)
      reconciler.urge(account, at: now + Self.deletionLook)
      return []
    case .nothingLeft(let account):
      deliveries.nothingLeft(of: account)
      return []
    case .listed(let server, let accounts):
      hear(server, at: now)
      reconciler.listed(accounts)
      return []
    case .holds(let account, let server, let found):
      hear(server, at: now)
      drift.set(account, at: server.id, nil)
      guard let found, fleet.isLive(server.id) else { return [] }
      return deliveries.found(found, of: account, at: server.id, now: now).map { [.progress($0.account)] } ?? []
    case .differs(let account, let server, let entry, let cause):
      hear(server, at: now)
      // What a server said before it stopped can come after its farewell.
      guard fleet.hasClients(server.id) else { return [] }
      drift.set(account, at: server.id, entry)
      // Of a deletion it is told by closing claims, where there were any.
      guard let cause else {
        let isRefused = deliveries.standing(of: server.id, to: account) == .refused
        return !isRefused && deliveries.missed(account, by: server.id, at: now) ? [.announce(account)] : []
      }
      switch deliveries.standing(of: server.id, to: account) {
      case .settled: return repair(account, cause, isAttack: false, at: now)
      // It missed the change: nobody sent it anything else, and nothing is to be counted as a fight.
      case .silent: return deliveries.missed(account, by: server.id, at: now) ? [.announce(account)] : []
      // It is announced to again after a pause.
      case .refused: return []
      }
    case .tick: return tick(at: now)
    }
  }

  private mutating func hear(_ server: ServerInfo, at now: Instant) {
    switch fleet.heard(server, at: now) {
    case .joined?: deliveries.joined(server.id, at: now)
    // A server that was away may have missed what was announced meanwhile.
    case .returned?: reconciler.hurry(at: now)
    case nil: break
    }
  }

  private mutating func leave(_ servers: [String]) {
    deliveries.left(servers)
    drift.left(servers)
    activity.left(servers)
  }

  /// What was announced within the last second is still on its way: that one server after the other does not hold it yet is no news, and whether
  /// it won is looked at after a moment.
  private mutating func repair(_ account: AccountKey, _ cause: Repairs.Cause, isAttack: Bool, at now: Instant) -> [Action] {
    let onTheWay = repairs.isAnswering(account, at: now) ? Self.answerOnTheWay : Self.onTheWay
    // What is to be announced may have to wait for its turn: meanwhile the servers go on to be heard.
    let last = [deliveries.lastAnnounced(account), repairs.lastAnswered(account)].compactMap { $0 }.max()
    if !isAttack, let last, last.duration(to: now) < onTheWay {
      for look in Self.secondLooks { reconciler.urge(account, at: now + look) }
      return []
    }
    guard repairs.seen(cause, of: account, isMessage: isAttack, at: now) == .announce else { return [] }
    return announce(account, at: now)
  }

  private mutating func announce(_ account: AccountKey, at now: Instant) -> [Action] {
    for look in Self.secondLooks { reconciler.urge(account, at: now + look) }
    return [.announce(account)]
  }

  /// Who holds an account's newest change, as far as can be said now.
  func report(of account: AccountKey, at now: Instant) -> DeliveryReport? {
    deliveries.report(of: account, at: now, unseen: fleet.unseen, doubt: doubt(at: now)) { fleet.members[$0]?.info.name ?? "" }
  }

  /// Before the servers had the time to say who they are, nobody can say that all of them confirmed something.
  private func doubt(at now: Instant) -> DeliveryReport.Doubt? {
    guard isUp, let linkSince else { return .noConnection }
    return linkSince.duration(to: now) >= Self.acquaintance ? nil : .newConnection
  }

  private mutating func tick(at now: Instant) -> [Action] {
    // Without a connection nobody is heard: that says nothing about the servers.
    guard isUp else { return [] }
    leave(fleet.look(at: now))
    var actions: [Action] = []
    if let next = nextPing, now >= next {
      nextPing = now + Self.pingInterval
      actions.append(.ping)
    }
    for account in repairs.due(at: now) { actions += announce(account, at: now) }
    for account in deliveries.due(at: now) { actions.append(.announce(account)) }
    return actions + reconciler.questions(at: now).map { .ask($0) }
  }
}
