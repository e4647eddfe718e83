import Claims
import Logging
import Synchronization

/// Keeps a connection: does what ``ConnectionSupervisor`` decides, and tells the announcer when a connection is there.
final class ConnectionService: Sendable {
  /// What the announcer hears.
  enum Link: Sendable {
    case up(any NATSConnection)
    case down
  }

  private enum Signal: Sendable {
    case woken(Int)
    case connected(any NATSConnection, epoch: Int)
    case failed(NATSError, epoch: Int)
    case lost(NATSError, epoch: Int)
    case ping(AccountStanding.Ping, epoch: Int)
    case rejected(NATSError)
    case stop
  }

  /// The reply token of the request that finds out the account.
  private static let pingToken = "ping"
  private static let pingPatience = Duration.seconds(2)

  /// Whether there is a connection to announce over; one listener.
  let links: AsyncStream<Link>
  /// Replies to what was announced; one listener. The newest are kept when it is slow.
  let replies: AsyncStream<InboxMessage>

  /// Questions to all servers, over the same connection.
  let questions: ServerQuestions

  private let subscriptions: [Subscription]
  /// Counts replies that came faster than they were taken.
  private let drops: DropCount
  private let hear: @Sendable (NATSMessage) -> Void
  private let servers: [ServerAddress]
  private let options: NATSOptions
  private let connector: any NATSConnector
  private let systemAccounts: @Sendable () -> Set<AccountKey>
  private let reporter: ConnectionReporter
  private let linkSource: AsyncStream<Link>.Continuation
  private let replySource: AsyncStream<InboxMessage>.Continuation
  private let signals: AsyncStream<Signal>
  private let signalSource: AsyncStream<Signal>.Continuation

  /// Takes at least one server. What arrives on the subscriptions goes to `hear`, from any thread, which it must not hold up.
  init(
    servers: [ServerAddress], options: NATSOptions, connector: any NATSConnector, questions: ServerQuestions = ServerQuestions(),
    subscriptions: [Subscription] = [],
    systemAccounts: @escaping @Sendable () -> Set<AccountKey>, reporter: ConnectionReporter,
    drops: DropCount = DropCount(), hear: @escaping @Sendable (NATSMessage) -> Void = { _ in }
  ) {
    self.drops = drops
    self.questions = questions
    self.subscriptions = subscriptions
    self.hear = hear
    self.servers = servers
    self.options = options
    self.connector = connector
    self.systemAccounts = systemAccounts
    self.reporter = reporter
    (links, linkSource) = AsyncStream.makeStream()
    (replies, replySource) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(16_384))
    (signals, signalSource) = AsyncStream.makeStream()
  }

  /// Ends ``run()``.
  func stop() {
    signalSource.yield(.stop)
  }

  /// Tells that the present connection does not do what it is for.
  func reject(_ error: NATSError) {
    signalSource.yield(.rejected(error))
  }

  /// Keeps a connection until ``stop()``.
  func run() async {
    await withDiscardingTaskGroup { group in
      var machine = ConnectionSupervisor(servers: servers.count, reconnectWait: options.reconnectWait)
      var random = SystemRandomNumberGenerator()
      var current = Current()
      perform(machine.handle(.start, at: .now, using: &random), on: &current, in: &group)
      for await signal in signals {
        guard let event = await event(of: signal, for: &current) else { continue }
        let actions = machine.handle(event, at: .now, using: &random)
        perform(actions, on: &current, in: &group)
        // A connection that was under way is still to be closed: what is buffered is handled to the end.
        if machine.isStopped { signalSource.finish() }
      }
      questions.linkDown()
      linkSource.finish()
      replySource.finish()
      group.cancelAll()
    }
  }

  /// The connection of the moment; every attempt has a number, so that late news of an old one is told apart.
  private struct Current {
    var epoch = 0
    var server: ServerAddress?
    var connection: (any NATSConnection)?
    var isChecked = false
  }

  private func event(of signal: Signal, for current: inout Current) async -> ConnectionSupervisor.Event? {
    switch signal {
    case .woken(let timer): return .woken(timer: timer)
    case .stop: return .stop
    case .connected(let connection, _):
      current.connection = connection
      current.isChecked = false
      return .connected
    case .failed(let error, let epoch): return epoch == current.epoch ? .failed(error) : nil
    case .lost(let error, let epoch): return epoch == current.epoch ? .lost(error) : nil
    case .rejected(let error): return .rejected(error)
    case .ping(let ping, let epoch):
      guard epoch == current.epoch, !current.isChecked else { return nil }
      current.isChecked = true
      return .checked(await standing(ping))
    }
  }

  private func standing(_ ping: AccountStanding.Ping) async -> AccountStanding {
    var credentials: UserCredentials?
    if let file = options.credentialsFile {
      do throws(NATSError) {
        credentials = try await BlockingQueue("nats-claims.credentials").run { () throws(NATSError) in try UserCredentials(file: file) }
      } catch {
        reporter.note(error)
      }
    }
    return AccountStanding(ping: ping, credentials: credentials, systemAccounts: systemAccounts())
  }

  private func perform(
    _ actions: [ConnectionSupervisor.Action], on current: inout Current, in group: inout DiscardingTaskGroup
  ) {
    for action in actions {
      switch action {
      case .connect(let number):
        current.epoch += 1
        current.server = servers[number]
        connect(to: servers[number], epoch: current.epoch)
      case .check:
        guard let connection = current.connection else { continue }
        group.addTask { [epoch = current.epoch] in await self.ping(connection, epoch: epoch) }
      case .open:
        if let connection = current.connection {
          linkSource.yield(.up(connection))
          questions.linkUp(connection)
        }
      case .shut:
        linkSource.yield(.down)
        questions.linkDown()
      case .close:
        guard let connection = current.connection else { continue }
        current.connection = nil
        group.addTask { await connection.close() }
      case .wake(let pause, let timer):
        group.addTask { await self.wake(after: pause, timer: timer) }
      case .report(let report, let isNews):
        let server = current.server.map { ServerIdentity(url: $0.url, id: current.connection?.serverID ?? "") }
        reporter.report(report, server: server, isNews: isNews)
      }
    }
  }

  /// An attempt blocks a thread of the library until its timeout and cannot be cancelled; nobody waits for it, and a connection that
  /// comes too late is closed.
  private func connect(to server: ServerAddress, epoch: Int) {
    Task { [connector, subscriptions, hear, drops, signalSource, replySource, reporter, questions] in
      // Anybody may send to the inbox, as often as they like: the first answer says all that is asked.
      let isFirst = Once()
      do throws(NATSError) {
        let connection = try await connector.connect(to: server, listening: subscriptions) { event in
          switch event {
          case .message(let message) where message.token == Self.pingToken:
            if let name = ServerInfo(message.payload) { reporter.learn(name) }
            if isFirst.take() { signalSource.yield(.ping(message.isNoResponders ? .noResponders : .answered, epoch: epoch)) }
            Self.keep(message, in: replySource, drops)
          case .message(let message) where message.token.hasPrefix(ServerQuestions.prefix): questions.receive(message)
          case .message(let message): Self.keep(message, in: replySource, drops)
          case .heard(let message): hear(message)
          case .complaint(let error): reporter.note(error)
          case .closed(let error): signalSource.yield(.lost(error, epoch: epoch))
          }
        }
        if case .terminated = signalSource.yield(.connected(connection, epoch: epoch)) { await connection.close() }
      } catch {
        signalSource.yield(.failed(error, epoch: epoch))
      }
    }
  }

  private static func keep(_ message: InboxMessage, in source: AsyncStream<InboxMessage>.Continuation, _ drops: DropCount) {
    if case .dropped = source.yield(message) { drops.add() }
  }

  private func ping(_ connection: any NATSConnection, epoch: Int) async {
    let request = Publication(subject: "$SYS.REQ.SERVER.PING", replyToken: Self.pingToken, payload: [])
    do {
      _ = try await connection.publish([request], within: Self.pingPatience)
      try await Task.sleep(for: Self.pingPatience)
      signalSource.yield(.ping(.silent, epoch: epoch))
    } catch let error as NATSError where error.code == .notPermitted {
      signalSource.yield(.ping(.silent, epoch: epoch))
    } catch let error as NATSError {
      signalSource.yield(.lost(error, epoch: epoch))
    } catch {
      // Cancelled: the service stops.
    }
  }

  private func wake(after pause: Duration, timer: Int) async {
    do {
      try await Task.sleep(for: pause)
      signalSource.yield(.woken(timer))
    } catch {
      // Cancelled: the service stops.
    }
  }
}
