import Claims
import ClaimsRegistry
import ClaimsStore
import CoreMetrics
import Logging
import Nkeys

/// The services for clients of the system account: what comes in is sorted into bounded queues, and answered from there.
final class Responder: Sendable {
  /// How much may wait. What comes beyond is dropped, and told.
  private static let mostLookups = 65_536
  private static let mostUpdates = 8_192
  private static let mostRequests = 1_024
  private static let mostPacks = 64
  /// Claims are judged by so many at once: the store takes what comes together in one commit.
  private static let judges = 32
  private static let mostOfJudge = 256
  private static let mostBytesOfJudge = 2 << 20

  private let lookups: LookupService
  private let packs: PackService
  private let lists: ListService
  private let deletes: DeleteService
  private let updates: UpdateService
  private let link: CurrentLink
  private let logger: Logger
  private let isReadOnly: Bool
  private let requests: RequestMetrics
  private let lookupBox: Mailbox<NATSMessage>
  private let updateBox: Mailbox<NATSMessage>
  /// Claims that wait to be judged, some by each: one that waits for a signature or the disk does not hold up the others.
  private let judges: [Mailbox<Update>]
  /// Packs take long: nobody waits behind them for anything else.
  private let packBox: Mailbox<NATSMessage>
  private let requestBox: Mailbox<NATSMessage>
  private let report: @Sendable (SystemCore.Event) -> Void

  /// `report` hears of claims that servers may have taken although they are not ours.
  init(
    registry: Registry, link: CurrentLink, text: ReplyText, isOnlyAuthority: Bool, metrics: MetricsRegistry, logger: Logger,
    drops: DropCount, report: @escaping @Sendable (SystemCore.Event) -> Void
  ) {
    lookups = LookupService(registry: registry, isOnlyAuthority: isOnlyAuthority)
    packs = PackService(registry: registry)
    lists = ListService(registry: registry, text: text)
    deletes = DeleteService(registry: registry, text: text)
    updates = UpdateService(registry: registry, text: text)
    self.link = link
    self.logger = logger
    self.report = report
    requests = RequestMetrics(metrics)
    lookupBox = Mailbox(capacity: Self.mostLookups, drops: drops)
    updateBox = Mailbox(capacity: Self.mostUpdates, drops: drops)
    judges = (0..<Self.judges).map { _ in Mailbox(capacity: Self.mostOfJudge, mostBytes: Self.mostBytesOfJudge, drops: drops) }
    packBox = Mailbox(capacity: Self.mostPacks, drops: drops)
    requestBox = Mailbox(capacity: Self.mostRequests, drops: drops)
    isReadOnly = registry.store.options.isReadOnly
  }

  /// What to listen to. A server that only reads its directory takes no changes, so that nobody takes its refusal for everybody's; it looks what is
  /// sent to the servers all the same.
  var subscriptions: [Subscription] {
    let common =
      UpdateService.accountSubjects.map { Subscription(subject: $0) } + [
        Subscription(subject: LookupService.subject), Subscription(subject: ListService.subject),
        Subscription(subject: PackService.subject, queue: PackService.queue),
      ]
    return isReadOnly ? common : common + [Subscription(subject: UpdateService.subject), Subscription(subject: DeleteService.subject)]
  }

  /// Takes a message, from any thread; false when it is none of these services'.
  func hear(_ message: NATSMessage) -> Bool {
    switch message.subject {
    case PackService.subject: take(message, in: packBox, requests.packs)
    case ListService.subject: take(message.withoutPayload, in: requestBox, requests.lists)
    case DeleteService.subject: take(message, in: requestBox, requests.deletes)
    case let subject where LookupService.serves(subject): take(message.withoutPayload, in: lookupBox, requests.lookups)
    case let subject where subject.hasSuffix(".CLAIMS.UPDATE"): take(message, in: updateBox, requests.updates)
    default: return false
    }
    return true
  }

  private func take(_ message: NATSMessage, in box: Mailbox<NATSMessage>, _ count: Counter) {
    count.increment()
    box.put(message, bytes: message.size)
  }

  /// Answers until ``stop()``.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.lookupBox.empty { await self.link.send($0.compactMap { self.lookups.answer($0) }, self.logger) } }
      group.addTask { await self.updateBox.empty { for message in $0 { self.sort(message) } } }
      for judge in self.judges { group.addTask { await judge.empty { for update in $0 { await self.take(update) } } } }
      group.addTask { await self.packBox.empty { for request in $0 { await self.answer(request) } } }
      group.addTask { await self.requestBox.empty { for request in $0 { await self.answer(request) } } }
    }
  }

  /// Ends ``run()``.
  func stop() {
    lookupBox.close()
    updateBox.close()
    for judge in judges { judge.close() }
    packBox.close()
    requestBox.close()
  }

  /// Claims that came, and whether it was told already that servers may have taken them.
  private struct Update: Sendable {
    let message: NATSMessage
    let isTold: Bool
  }

  /// Claims that are older than those stored are told of at once: servers may have taken them, whatever takes time in judging others.
  private func sort(_ message: NATSMessage) {
    let older = updates.older(message)
    if let older { report(older) }
    // An account's claims are judged in the order in which they came: those of one subject by the same judge.
    let hash = message.subject == UpdateService.subject ? message.payload.hashValue : message.subject.hashValue
    let judge = judges[Int(UInt(bitPattern: hash) % UInt(judges.count))]
    judge.put(Update(message: message, isTold: older != nil), bytes: message.size)
  }

  private func take(_ update: Update) async {
    let outcome = await updates.take(update.message)
    if !update.isTold, let event = outcome.event { report(event) }
    if !isReadOnly, let reply = update.message.reply {
      await link.send([Publication(subject: reply, replyToken: nil, payload: outcome.answer)], logger)
    }
  }

  private func answer(_ request: NATSMessage) async {
    guard let connection = link.connection, let reply = request.reply else { return await withoutReply(request) }
    switch request.subject {
    case PackService.subject:
      do {
        try await packs.answer(request, over: connection)
      } catch {
        logger.warning("a pack over NATS ended early", metadata: ["reason": "\(error)"])
      }
    case ListService.subject:
      await link.send([Publication(subject: reply, replyToken: nil, payload: lists.answer(largest: connection.maximumPayload))], logger)
    default: await link.send([Publication(subject: reply, replyToken: nil, payload: await deletes.answer(request))], logger)
    }
  }

  /// Of those only a deletion does something.
  private func withoutReply(_ request: NATSMessage) async {
    if request.subject == DeleteService.subject { _ = await deletes.answer(request) }
  }
}

/// The metrics of the services.
private struct RequestMetrics: Sendable {
  let lookups: Counter
  let packs: Counter
  let lists: Counter
  let deletes: Counter
  let updates: Counter

  init(_ metrics: MetricsRegistry) {
    lookups = metrics.counter(.natsRequests, "lookup")
    packs = metrics.counter(.natsRequests, "pack")
    lists = metrics.counter(.natsRequests, "list")
    deletes = metrics.counter(.natsRequests, "delete")
    updates = metrics.counter(.natsRequests, "update")
  }
}

extension NATSMessage {
  /// The message of a request whose payload says nothing.
  fileprivate var withoutPayload: NATSMessage { NATSMessage(subject: subject, reply: reply, payload: []) }
}
