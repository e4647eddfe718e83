import Claims
import ClaimsRegistry
import ClaimsStore
import Logging
import Nkeys
import Synchronization

/// Watches the servers of the system, and does what ``SystemCore`` decides.
final class SystemWatch: ServerFleet {
  /// What requests to servers carry, so that the replies find their way.
  enum ReplyToken {
    static let who = "who"
    static let list = "list"
    static let holds = "holds-"
    /// The question that finds out whether a user is of the system account.
    static let check = "ping"
  }

  private enum Signal: Sendable {
    case inbox(InboxMessage)
    case event(NATSMessage)
    case core(SystemCore.Event)
    case tick
  }

  private struct State {
    var core: SystemCore
    /// The accounts whose alert was told, with those who may be behind it.
    var told: [AccountKey: [String]] = [:]
    var dropped = 0
  }

  private static let tickInterval = Duration.milliseconds(250)
  private static let largestQueue = 65_536

  private let registry: Registry
  private let link: CurrentLink
  private let questions: ServerQuestions
  private let ownName: String
  private let metrics: WatchMetrics
  private let logger: Logger
  private let learn: @Sendable (ServerInfo) -> Void
  private let announce: @Sendable (AccountKey) -> Void
  private let state: Mutex<State>
  private let box: Mailbox<Signal>
  private let reports: Mailbox<SystemCore.Event>
  private let newer: Mailbox<NewerClaims>
  private let waiters = DeliveryWaiters()
  /// What queues on the way here, and from here, had no room for.
  private let drops: DropCount
  private let isNoListenerTold = Atomic(false)

  /// Claims that a server holds and that look newer than the store's.
  private struct NewerClaims: Sendable {
    let account: AccountKey
    let token: Token
    let holding: Holding
  }

  /// `learn` hears of each server that says who it is; `announce` has an account's stored claims announced again.
  init(
    registry: Registry, link: CurrentLink, questions: ServerQuestions, ownName: String, metrics: MetricsRegistry, logger: Logger,
    drops: DropCount = DropCount(), core: SystemCore = SystemCore(), learn: @escaping @Sendable (ServerInfo) -> Void,
    announce: @escaping @Sendable (AccountKey) -> Void
  ) {
    self.registry = registry
    self.link = link
    self.questions = questions
    self.ownName = ownName
    self.drops = drops
    box = Mailbox(capacity: Self.largestQueue, drops: drops)
    reports = Mailbox(capacity: 8_192, drops: drops)
    newer = Mailbox(capacity: 1_024, drops: drops)
    self.metrics = WatchMetrics(metrics)
    self.logger = logger
    self.learn = learn
    self.announce = announce
    state = Mutex(State(core: core))
  }

  /// What to listen to.
  var subscriptions: [Subscription] {
    let own: Set<SystemEvent.Kind> = [.connect, .disconnect, .connections, .authError, .stats, .shutdown, .lameDuck]
    return SystemSubject.all.filter { own.contains($0.kind) }.map { Subscription(subject: $0.pattern) }
  }

  // MARK: What comes in, from any thread

  /// A message on a subscription.
  func hear(_ message: NATSMessage) { box.put(.event(message), bytes: message.payload.count) }

  /// A reply to an announcement or a question of ours.
  func receive(_ message: InboxMessage) { box.put(.inbox(message), bytes: message.payload.count) }

  /// Servers may hold claims that are not ours. Not through the box, which clients of any account can fill.
  func report(_ event: SystemCore.Event) { reports.put(event) }

  func linkChanged(_ connection: (any NATSConnection)?) {
    link.set(connection)
    // Not through the box: it could be full of what comes with a connection.
    let actions = state.withLock { $0.core.handle(connection == nil ? .linkDown : .linkUp, at: .now) }
    if !actions.isEmpty { Task { for action in actions { await self.perform(action) } } }
  }

  /// The messages that announce these changes; from now on their replies are waited for.
  func publications(_ batch: [AnnouncerCore.Announcement]) -> [Publication] {
    let now = ContinuousClock.now
    state.withLock { state in
      for announcement in batch {
        _ = state.core.handle(.announced(announcement.account, sequence: announcement.sequence), at: now)
      }
    }
    for announcement in batch { waiters.wake(announcement.account) }
    return batch.map { announcement in
      Publication(
        subject: "$SYS.ACCOUNT.\(announcement.account).CLAIMS.UPDATE", replyToken: DeliveryLedger.token(of: announcement.sequence),
        payload: announcement.token.bytes)
    }
  }

  /// It is not known whether these went out.
  func forget(_ batch: [AnnouncerCore.Announcement]) {
    let now = ContinuousClock.now
    state.withLock { state in
      for announcement in batch { _ = state.core.handle(.notAnnounced(sequence: announcement.sequence), at: now) }
    }
  }

  // MARK: The loop

  /// Watches until ``stop()``.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.box.put(.tick, every: Self.tickInterval) }
      group.addTask { await self.reports.empty { for event in $0 { await self.handle(event) } } }
      group.addTask { await self.newer.empty { for claims in $0 { await self.judge(claims) } } }
      await box.empty { signals in for signal in signals { await self.take(signal) } }
      group.cancelAll()
    }
  }

  /// Ends ``run()``.
  func stop() {
    box.close()
    reports.close()
    newer.close()
  }

  private func take(_ signal: Signal) async {
    switch signal {
    case .inbox(let message): await take(message)
    case .event(let message): if let event = SystemEvent(message) { await take(event) }
    case .core(let event): await handle(event)
    case .tick:
      await handle(.tick)
      // Servers that left are waited for no more, and new ones had the time to say who they are.
      waiters.wakeAll()
      tellAlerts()
      let count = state.withLock { state in
        metrics.show(state.core)
        let dropped =
          drops.value + state.core.reconciler.dropped + state.core.deliveries.givenUp
          + state.core.activity.dropped + state.core.repairs.uncounted + state.core.drift.dropped
        defer { state.dropped = dropped }
        return dropped - state.dropped
      }
      metrics.dropped(count)
      if count > 0 { logger.warning("too much comes from the nats-servers: some of it is passed over", metadata: ["messages": "\(count)"]) }
    }
  }

  private func handle(_ event: SystemCore.Event) async {
    let actions = state.withLock { $0.core.handle(event, at: .now) }
    switch event {
    case .foreign(let account, let cause), .contradicted(let account, let cause): note(account, cause, actions)
    default: break
    }
    for action in actions { await perform(action) }
  }

  private func perform(_ action: SystemCore.Action) async {
    switch action {
    case .announce(let account): announce(account)
    case .ping: await link.send([Publication(subject: "$SYS.REQ.SERVER.PING", replyToken: ReplyToken.who, payload: [])], logger)
    case .ask(.list): await link.send([Publication(subject: Holding.subject, replyToken: ReplyToken.list, payload: [])], logger)
    case .ask(.holdings(let accounts)):
      let questions = accounts.map {
        Publication(subject: Holding.subject, replyToken: "\(ReplyToken.holds)\($0)", payload: Holding.question($0))
      }
      await link.send(questions, logger)
    case .progress(let account): waiters.wake(account)
    }
  }

  // MARK: Replies

  private func take(_ message: InboxMessage) async {
    switch message.token {
    case ReplyToken.who, ReplyToken.check:
      guard let server = ServerInfo(message.payload) else { return }
      learn(server)
      await handle(.heard(server))
    case ReplyToken.list:
      if let holding = Holding(message.payload) { await handle(.listed(holding.server, holding.accounts)) }
    case let token where token.hasPrefix(ReplyToken.holds):
      if let account = try? AccountKey(token.dropFirst(ReplyToken.holds.count)), let holding = Holding(message.payload) {
        await compare(account, holding)
      }
    default: await takeReply(message)
    }
  }

  private func takeReply(_ message: InboxMessage) async {
    let reply = ServerReply(message)
    if case .noListener = reply, !isNoListenerTold.exchange(true, ordering: .relaxed) {
      logger.warning("no nats-server listens to updates of accounts")
    }
    // Other servers of ours answer announcements too; they are no nats-servers, and do not count.
    guard let server = ServerInfo(message.payload), !server.isOurs else { return }
    metrics.count(reply)
    if case .refused(let text) = reply {
      let account = state.withLock { $0.core.deliveries.account(of: message.token) }
      logger.warning(
        "a nats-server refuses announced claims",
        metadata: ["account": "\(account?.text ?? "")", "reply": "\(text)", "server": "\(server.name)", "id": "\(server.id)"])
    }
    await handle(.replied(reply, token: message.token, server))
  }

  // MARK: What servers hold

  private func compare(_ account: AccountKey, _ holding: Holding) async {
    let claims = HeldClaims(registry: registry)
    switch claims.compare(account, holding) {
    case .same: await handle(.holds(account, holding.server))
    case .different(let entry, let cause): await handle(.differs(account, holding.server, entry, cause))
    case .newer(let token):
      guard !registry.store.options.isReadOnly else { return await handle(.holds(account, holding.server)) }
      newer.put(NewerClaims(account: account, token: token, holding: holding))
    }
  }

  /// What is newer at a server is taken if it would be taken from anybody; else the server is put right.
  private func judge(_ newer: NewerClaims) async {
    do throws(Refusal) {
      _ = try await registry.pushElsewhere(newer.token, expected: newer.account, by: .server(newer.holding.server.label))
      box.put(.core(.holds(newer.account, newer.holding.server)))
    } catch {
      guard ![.unavailable, .diskFull, .readOnly].contains(error.code) else { return }
      if case .different(let entry, let cause) = HeldClaims(registry: registry).refused(error, newer.token, newer.holding) {
        box.put(.core(.differs(newer.account, newer.holding.server, entry, cause)))
      }
    }
  }

  // MARK: Events

  private func take(_ event: SystemEvent) async {
    guard let server = event.server else { return }
    switch event.kind {
    case .shutdown: await handle(.stops(server))
    case .lameDuck: await handle(.leaves(server))
    default:
      await handle(.heard(server))
      await takeActivity(event, server)
    }
  }

  private func takeActivity(_ event: SystemEvent, _ server: ServerInfo) async {
    let reason = NATSError.printable(event.body?["reason"]?.text ?? "")
    let time = registry.clock.milliseconds()
    switch event.kind {
    case .connect:
      guard let account = event.account else { return }
      state.withLock { $0.core.activity.connected(account, at: time) }
      if let key = try? AccountKey(account) { await handle(.connecting(key)) }
    case .disconnect:
      guard let account = event.account else { return }
      state.withLock { $0.core.activity.disconnected(account, reason: reason, at: time) }
      metrics.gone(reason: reason)
    case .connections:
      guard let account = event.account else { return }
      let counts = ["conns", "leafnodes"].map { Int(Int32(clamping: event.body?[$0]?.integer ?? 0)) }
      let count = counts.reduce(0, +)
      state.withLock { state in
        if state.core.fleet.members[server.id] != nil { state.core.activity.connections(count, of: account, at: server.id) }
      }
    case .authError:
      metrics.refusedClient()
      // Nothing proves the token: an account that nobody has must not take a place among those that are.
      let user = event.body?["client"]?["jwt"]?.text.flatMap { UserOfToken(Token($0)) }
      guard let account = user.flatMap({ try? AccountKey($0.account) }) else { return }
      if registry.store.index.bareEntry(of: account.raw) == nil {
        registry.unknownAccounts.asked(account)
      } else {
        state.withLock { $0.core.activity.refused(account.text) }
      }
    default: break
    }
  }

  // MARK: What is told

  private func note(_ account: AccountKey, _ cause: Repairs.Cause, _ actions: [SystemCore.Action]) {
    let isAnnounced = !actions.isEmpty
    metrics.repair(isAnnounced: isAnnounced)
    logger.warning(
      "somebody sent nats-servers other claims than those stored",
      metadata: [
        "account": "\(account)", "reason": "\(cause.text)", "issuer": "\(cause.issuer)", "place": "\(cause.place)",
        "result": isAnnounced ? "announced again" : "waits: too many repairs within a minute",
      ])
  }

  private func tellAlerts() {
    let (alerts, new, told) = state.withLock { state in
      let alerts = state.core.repairs.alerts
      let new = alerts.filter { state.told[$0.account] == nil }
      let told = state.told
      state.told = Dictionary(uniqueKeysWithValues: alerts.map { ($0.account, told[$0.account] ?? []) })
      return (alerts, new, told)
    }
    registry.warnings.set(.contestedAccounts, alerts.map { $0.text(publishers: told[$0.account] ?? []) })
    if !new.isEmpty { Task { await self.tell(new) } }
  }

  /// Finds out who may be behind it, and tells.
  private func tell(_ alerts: [Repairs.Alert]) async {
    let publishers = await PublisherQuery(questions: questions, ownName: ownName).candidates(in: registry.trust.systemAccounts)
    for alert in alerts {
      state.withLock { if $0.told[alert.account] != nil { $0.told[alert.account] = publishers } }
      logger.error(
        "an account is fought over: somebody keeps sending nats-servers other claims",
        metadata: [
          "account": "\(alert.account)", "repairs": "\(alert.count)", "reason": "\(alert.cause.text)", "issuer": "\(alert.cause.issuer)",
          "place": "\(alert.cause.place)", "publishers": "\(publishers.joined(separator: ", "))",
        ])
    }
  }

  // MARK: What is asked of it

  func servers() -> [FleetServer] { state.withLock { $0.core.fleet.servers(at: .now) } }

  func delivery(of account: AccountKey, since sequence: Int64?, within patience: Duration) async -> DeliveryReport? {
    let report = { [self] in
      state.withLock { state in
        state.core.deliveries.report(of: account, at: .now) { state.core.fleet.members[$0]?.info.name ?? "" }
      }
    }
    // Of a change that was never announced there is nothing to wait for.
    if patience > .zero, sequence != nil || report() != nil {
      await waiters.wait(for: account, within: patience) {
        let isAcquainted = state.withLock { $0.core.isAcquainted(at: .now) }
        return isAcquainted && report().map { $0.isConfirmed && $0.sequence >= sequence ?? 0 } ?? false
      }
    }
    guard let report = report(), report.sequence >= sequence ?? 0 else { return nil }
    return report
  }

  func drift() -> [AccountDrift] { state.withLock { state in state.core.drift.all { state.core.fleet.label(of: $0) } } }

  func figures(of account: AccountKey) -> AccountFigures? {
    state.withLock { state in state.core.activity.figures(of: account.text) { state.core.fleet.label(of: $0) } }
  }

  func figures() -> [(account: String, figures: AccountFigures)] {
    state.withLock { state in state.core.activity.all { state.core.fleet.label(of: $0) } }
  }

  func clients(of account: AccountKey) async -> ConnectedClients? {
    await ClientQuery(questions: questions).clients(of: account)
  }
}

extension Repairs.Alert {
  /// What to say of it, with those who may be behind it.
  fileprivate func text(publishers: [String]) -> String {
    let who = publishers.isEmpty ? "find who publishes there" : "it can be one of \(publishers.joined(separator: ", "))"
    return "somebody keeps sending nats-servers other claims of \(account) than those stored, at last on \(cause.place), signed by "
      + "\(cause.issuer): \(cause.text); it was put right \(count) times, and is looked at with growing pauses now: \(who); stop it"
  }
}
