import Claims
import ClaimsRegistry
import ClaimsStore
import Logging
import Nkeys
import Synchronization

/// Watches the servers of the system, and does what ``SystemCore`` decides.
final class SystemWatch: Sendable {
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

  struct State {
    var core: SystemCore
    var dropped = 0
  }

  private static let tickInterval = Duration.milliseconds(250)
  private static let largestQueue = 65_536

  let registry: Registry
  let link: CurrentLink
  let questions: ServerQuestions
  let metrics: WatchMetrics
  private let alerts: ContestAlerts
  private let logger: Logger
  private let learn: @Sendable (ServerInfo) -> Void
  private let announce: @Sendable (AccountKey) -> Void
  let state: Mutex<State>
  private let box: Mailbox<Signal>
  private let reports: Mailbox<SystemCore.Event>
  private let newer: Mailbox<NewerClaims>
  let waiters = DeliveryWaiters()
  /// What queues on the way here, and from here, had no room for.
  private let drops: DropCount
  /// What other tables than the core's had no room for.
  private let passedOver: DropCount
  private let isNoListenerTold = Allowance(1)

  /// Claims that a server holds and that look newer than the store's.
  private struct NewerClaims: Sendable {
    let account: AccountKey
    let token: Token
    let holding: Holding
  }

  /// `learn` hears of each server that says who it is; `announce` has an account's stored claims announced again.
  init(
    registry: Registry, link: CurrentLink, questions: ServerQuestions, metrics: MetricsRegistry, logger: Logger,
    drops: DropCount = DropCount(), passedOver: DropCount = DropCount(), core: SystemCore = SystemCore(),
    learn: @escaping @Sendable (ServerInfo) -> Void,
    announce: @escaping @Sendable (AccountKey) -> Void
  ) {
    self.registry = registry
    self.link = link
    self.questions = questions
    alerts = ContestAlerts(registry: registry, query: PublisherQuery(questions: questions, link: link), logger: logger)
    self.drops = drops
    self.passedOver = passedOver
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
  func hear(_ message: NATSMessage) { box.put(.event(message), bytes: message.size) }

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
        _ = state.core.handle(.announced(announcement.account, sequence: announcement.sequence, isClosing: announcement.isClosing), at: now)
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
      alerts.show(state.withLock { $0.core.repairs.alerts })
      let others = drops.value + passedOver.value + registry.held.passedOver
      let count = state.withLock { state in
        metrics.show(state.core)
        let dropped = others + state.core.passedOver
        defer { state.dropped = dropped }
        return dropped - state.dropped
      }
      metrics.dropped(count)
      if count > 0 { logger.warning("too much comes from the nats-servers: some of it is passed over", metadata: ["messages": "\(count)"]) }
    }
  }

  func handle(_ event: SystemCore.Event) async {
    let actions = state.withLock { $0.core.handle(event, at: .now) }
    switch event {
    case .foreign(let account, let cause): note(account, cause, actions)
    case .contradicted(let account, let cause) where !actions.isEmpty: note(account, cause, actions)
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
      if let holding = Holding(message.payload) {
        await handle(.listed(holding.server, holding.accounts))
      } else if message.payload.count > Holding.largest {
        drops.add()
      }
    case let token where token.hasPrefix(ReplyToken.holds):
      if let account = try? AccountKey(token.dropFirst(ReplyToken.holds.count)), let holding = Holding(message.payload) {
        await compare(account, holding)
      }
    default: await takeReply(message)
    }
  }

  private func takeReply(_ message: InboxMessage) async {
    let reply = ServerReply(message)
    if case .noListener = reply, isNoListenerTold.take() {
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
    case .same: await handle(.holds(account, holding.server, found: claims.found(account, holding)))
    case .different(let entry, let cause): await handle(.differs(account, holding.server, entry, cause))
    case .newer(let token):
      guard !registry.store.options.isReadOnly else { return await handle(.holds(account, holding.server)) }
      newer.put(NewerClaims(account: account, token: token, holding: holding), bytes: token.bytes.count)
    }
  }

  /// What is newer at a server is taken if it would be taken from anybody; else the server is put right.
  private func judge(_ newer: NewerClaims) async {
    let claims = HeldClaims(registry: registry)
    let verdict: HeldClaims.Verdict?
    do throws(Refusal) {
      let outcome = try await registry.pushElsewhere(newer.token, expected: newer.account, by: .server(newer.holding.server.label))
      if case .closing = outcome { verdict = claims.closed(newer.account, newer.token, newer.holding) } else { verdict = .same }
    } catch {
      verdict = claims.refused(error, newer.token, newer.holding)
    }
    switch verdict {
    case .different(let entry, let cause): box.put(.core(.differs(newer.account, newer.holding.server, entry, cause)))
    case .same, .newer: box.put(.core(.holds(newer.account, newer.holding.server)))
    case nil: break
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

  // MARK: What is told

  private func note(_ account: AccountKey, _ cause: Repairs.Cause, _ actions: [SystemCore.Action]) {
    let isAnnounced = !actions.isEmpty
    metrics.repair(isAnnounced: isAnnounced)
    // Of a fight the alert tells.
    logger.log(
      level: isAnnounced ? .warning : .debug, "somebody sent nats-servers other claims than those stored",
      metadata: [
        "account": "\(account)", "reason": "\(cause.text)", "issuer": "\(cause.issuer)", "place": "\(cause.place)",
        "result": isAnnounced ? "announced again" : "waits: too many repairs within a minute",
      ])
  }
}
