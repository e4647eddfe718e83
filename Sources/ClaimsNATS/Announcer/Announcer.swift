import Claims
import ClaimsRegistry
import ClaimsStore
import CoreMetrics
import Logging
import Synchronization

/// Tells the nats-servers of changed claims: does what ``AnnouncerCore`` decides.
final class Announcer: Sendable {
  /// The name of the cursor in the log.
  static let reader = "announcer"

  /// How long a server may take to read a batch, and how long a stop waits for that.
  private static let flushPatience = Duration.seconds(10)
  private static let stopPatience = Duration.milliseconds(1500)
  private static let readAgain = Duration.seconds(1)
  /// One batch, one page and one of everything else is under way at a time: this is never reached.
  private static let mostSignals = 1024

  private enum Signal: Sendable {
    case core(AnnouncerCore.Event)
    /// Accounts wait to be announced again.
    case again
    /// There is another connection, or none.
    case link
    case published(Result<[PublicationOutcome], NATSError>, over: any NATSConnection)
  }

  private let registry: Registry
  private let connection: ConnectionService
  private let watch: SystemWatch
  private let again: AgainList
  private let deleted: @Sendable (AccountKey, Int64) -> Void
  private let closed: @Sendable (AccountKey) -> Void
  private let gauges: AnnouncerMetrics
  private let logger: Logger
  /// What there was no room for.
  private let passedOver: DropCount
  private let signals: AsyncStream<Signal>
  private let source: AsyncStream<Signal>.Continuation
  private let isStopping = Atomic(false)
  private let isChangeWaiting = Atomic(false)

  /// `again` are accounts whose stored claims servers are to be told of once more; `deleted` hears of accounts that the log says are deleted, and by which
  /// record, `closed` of those whose closing claims went out.
  init(
    registry: Registry, connection: ConnectionService, watch: SystemWatch, again: AgainList, metrics: MetricsRegistry,
    logger: Logger, passedOver: DropCount, deleted: @escaping @Sendable (AccountKey, Int64) -> Void,
    closed: @escaping @Sendable (AccountKey) -> Void
  ) {
    self.deleted = deleted
    self.closed = closed
    self.registry = registry
    self.connection = connection
    self.watch = watch
    self.again = again
    self.logger = logger
    self.passedOver = passedOver
    gauges = AnnouncerMetrics(metrics)
    (signals, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostSignals))
  }

  /// Ends ``run()`` once what is under way has arrived.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    send(.core(.stop))
  }

  /// Announces until ``stop()``, then ends the connection.
  func run() async {
    guard let cursor = await loadedCursor() else { return connection.stop() }
    await withDiscardingTaskGroup { group in
      startListening(in: &group)
      let stored = NewestInStore(registry.store, logger: logger)
      var core = AnnouncerCore(cursor: cursor) { stored.newest(of: $0) }
      var link: (any NATSConnection)?
      for await signal in signals {
        for event in events(of: signal, link: &link) {
          for action in core.handle(event) { await perform(action, over: link, in: &group) }
          if case .stop = event { group.addTask { await self.giveUpWaiting() } }
        }
        passedOver.add(core.takePassedOver())
        gauges.lag(last: registry.store.lastSequence, cursor: core.cursor)
      }
      connection.stop()
      group.cancelAll()
    }
  }

  /// The cursor; tried again until the log answers, or nil when that is not before the stop.
  private func loadedCursor() async -> Int64? {
    var isTold = false
    while !isStopping.load(ordering: .relaxed) {
      do {
        return try await registry.store.log.cursor(of: Self.reader)
      } catch {
        if !isTold { logger.error("the announcer's cursor cannot be read", metadata: ["error": "\(error)"]) }
        isTold = true
      }
      do { try await Task.sleep(for: Self.readAgain) } catch { return nil }
    }
    return nil
  }

  private func startListening(in group: inout DiscardingTaskGroup) {
    let store = registry.store
    let renotices = registry.renotices
    group.addTask { for await _ in store.signal.stream() { self.signalChange() } }
    again.notify { [weak self] in self?.send(.again) }
    renotices.listen { [again] in again.add($0) }
    connection.links.notify { [weak self] in self?.send(.link) }
  }

  private func send(_ signal: Signal) {
    if case .dropped = source.yield(signal) { passedOver.add() }
  }

  /// Many changes are one signal, as long as it is not taken.
  private func signalChange() {
    guard !isChangeWaiting.exchange(true, ordering: .acquiringAndReleasing) else { return }
    send(.core(.changed))
  }

  private func events(of signal: Signal, link: inout (any NATSConnection)?) -> [AnnouncerCore.Event] {
    switch signal {
    case .core(.changed):
      isChangeWaiting.store(false, ordering: .releasing)
      return [.changed]
    case .core(let event): return [event]
    case .again: return again.take().map { .renotice($0) }
    case .link:
      switch connection.links.take() {
      case .up(let connection)?:
        link = connection
        watch.linkChanged(connection)
        registry.held.hurry()
        return [.linkUp(maximumPayload: connection.maximumPayload)]
      case .down?:
        link = nil
        watch.linkChanged(nil)
        return [.linkDown]
      case nil: return []
      }
    case .published(.success(let outcomes), _):
      gauges.count(outcomes)
      return [.published(outcomes)]
    case .published(.failure(let error), let used):
      gauges.failed.increment()
      if used === link { connection.reject(error) }
      return [.failed(error)]
    }
  }

  private func perform(
    _ action: AnnouncerCore.Action, over link: (any NATSConnection)?, in group: inout DiscardingTaskGroup
  ) async {
    switch action {
    case .read(let position, let limit): group.addTask { await self.read(after: position, limit: limit) }
    case .readAgainLater: group.addTask { await self.later(.readAgain) }
    case .retryPostponedLater: group.addTask { await self.later(.retryPostponed) }
    case .publish(let batch):
      guard let link else {
        send(.core(.failed(NATSError(.closed, "the connection is closed"))))
        return
      }
      group.addTask { await self.publish(batch, over: link) }
    case .saveCursor(let cursor): await save(cursor)
    case .closed(let accounts): accounts.forEach(closed)
    case .nothingLeft(let account): watch.report(.nothingLeft(account))
    case .warnUnpublishable(let changes): warn(changes)
    case .finished: source.finish()
    }
  }

  private func publish(_ batch: [AnnouncerCore.Announcement], over link: any NATSConnection) async {
    let batch = await renewed(batch)
    let publications = watch.publications(batch)
    do throws(NATSError) {
      let outcomes = try await link.publish(publications, within: Self.flushPatience)
      // Nobody replies to what did not go out.
      watch.forget(zip(batch, outcomes).filter { $0.1 != .sent }.map(\.0))
      send(.published(.success(outcomes), over: link))
    } catch {
      watch.forget(batch)
      send(.published(.failure(error), over: link))
    }
  }

  /// The batch with closing claims that servers will still take.
  private func renewed(_ batch: [AnnouncerCore.Announcement]) async -> [AnnouncerCore.Announcement] {
    guard batch.contains(where: \.isClosing) else { return batch }
    var renewed: [AnnouncerCore.Announcement] = []
    for announcement in batch {
      guard announcement.isClosing else {
        renewed.append(announcement)
        continue
      }
      guard let fresh = await registry.renewedClosing(announcement.token, of: announcement.account) else {
        renewed.append(announcement)
        continue
      }
      renewed.append(
        AnnouncerCore.Announcement(account: announcement.account, sequence: fresh.sequence, token: fresh.token, isClosing: true))
    }
    send(.core(.renewed(renewed)))
    return renewed
  }

  private func read(after position: Int64, limit: Int) async {
    do {
      let records = try await registry.store.changes(after: position, limit: limit)
      for record in records where record.change.kind == .delete { deleted(record.change.subject, record.sequence) }
      send(.core(.read(records.map { AnnouncerCore.Record($0) })))
    } catch {
      logger.error("the log cannot be read for announcements; trying again", metadata: ["error": "\(error)"])
      send(.core(.readFailed))
    }
  }

  private func later(_ event: AnnouncerCore.Event) async {
    do {
      try await Task.sleep(for: Self.readAgain)
      send(.core(event))
    } catch {
      // Cancelled: the announcer stops, and the record waits in the log.
    }
  }

  private func save(_ cursor: Int64) async {
    do {
      try await registry.store.log.setCursor(of: Self.reader, to: cursor)
    } catch {
      logger.warning(
        "the announcer's cursor cannot be saved; what was announced since may be announced again", metadata: ["error": "\(error)"])
    }
  }

  private func warn(_ changes: [Unpublishable]) {
    let shown = 20
    var texts = changes.prefix(shown).map(\.text)
    if changes.count > shown { texts.append("and \(changes.count - shown) more accounts") }
    registry.warnings.set(.unpublishable, texts)
    guard !changes.isEmpty else { return }
    logger.warning(
      "claims too large to be announced",
      metadata: [
        "accounts": "\(changes.count)", "account": "\(changes[0].account)", "bytes": "\(changes[0].size)", "limit": "\(changes[0].limit)",
      ])
  }

  /// Ends a stop that waits for a server too long: closing the connection fails what is under way.
  private func giveUpWaiting() async {
    do {
      try await Task.sleep(for: Self.stopPatience)
      connection.stop()
    } catch {
      // Cancelled: all has arrived.
    }
  }
}
