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
    case pinged(InboxMessage, epoch: Int)
    /// The user may not ask.
    case unanswered(epoch: Int)
    case checked(AccountStanding, epoch: Int)
    case rejected(NATSError)
    case stop
  }

  /// The reply token of the request that finds out the account.
  private static let pingToken = "ping"
  private static let flushPatience = Duration.seconds(2)

  /// Whether there is a connection to announce over.
  let links = Latest<Link>()

  /// Questions to all servers, over the same connection.
  let questions: ServerQuestions

  /// An attempt, a connection and a pause leave a handful of signals and some answers, and the next one waits until they are taken: this is never reached.
  private static let mostSignals = 1024
  private static let mostComplaints = 1024
  private static let mostAnswers = 256
  private static let dropsInterval = Duration.milliseconds(250)

  private let subscriptions: [Subscription]
  /// Counts messages that the library dropped, and signals and complaints that there was no room for.
  private let drops: DropCount
  private let passedOver: DropCount
  private let receive: @Sendable (InboxMessage) -> Void
  private let hear: @Sendable (NATSMessage) -> Void
  private let servers: [ServerAddress]
  private let options: NATSOptions
  private let connector: any NATSConnector
  private let systemAccounts: @Sendable () -> Set<AccountKey>
  private let reporter: ConnectionReporter
  /// The connection that is open.
  private let opened = Mutex<(any NATSConnection)?>(nil)
  /// What servers complain of, on its way to the log.
  private let complaints: Mailbox<NATSError>
  private let signals: AsyncStream<Signal>
  private let signalSource: AsyncStream<Signal>.Continuation

  /// Takes at least one server. Replies to what was announced go to `receive` and what arrives on the subscriptions to `hear`, from any thread, which
  /// they must not hold up.
  init(
    servers: [ServerAddress], options: NATSOptions, connector: any NATSConnector, questions: ServerQuestions = ServerQuestions(),
    subscriptions: [Subscription] = [],
    systemAccounts: @escaping @Sendable () -> Set<AccountKey>, reporter: ConnectionReporter,
    drops: DropCount = DropCount(), passedOver: DropCount = DropCount(), receive: @escaping @Sendable (InboxMessage) -> Void = { _ in },
    hear: @escaping @Sendable (NATSMessage) -> Void = { _ in }
  ) {
    self.drops = drops
    self.passedOver = passedOver
    self.receive = receive
    self.questions = questions
    self.subscriptions = subscriptions
    self.hear = hear
    self.servers = servers
    self.options = options
    self.connector = connector
    self.systemAccounts = systemAccounts
    self.reporter = reporter
    complaints = Mailbox(capacity: Self.mostComplaints, drops: passedOver)
    (signals, signalSource) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.mostSignals))
  }

  /// Ends ``run()``.
  func stop() {
    send(.stop)
  }

  /// Tells that the present connection does not do what it is for.
  func reject(_ error: NATSError) {
    send(.rejected(error))
  }

  /// - Returns: whether it will be handled.
  @discardableResult
  private func send(_ signal: Signal) -> Bool {
    switch signalSource.yield(signal) {
    case .enqueued: return true
    case .dropped: passedOver.add()
    default: break
    }
    return false
  }

  /// Keeps a connection until ``stop()``.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.complaints.empty { $0.forEach(self.reporter.note) } }
      group.addTask { await self.countDropped() }
      var machine = ConnectionSupervisor(servers: servers.count, reconnectWait: options.reconnectWait)
      var random = SystemRandomNumberGenerator()
      var current = Current()
      perform(machine.handle(.start, at: .now, using: &random), on: &current, in: &group)
      for await signal in signals {
        guard let event = event(of: signal, for: &current) else { continue }
        let actions = machine.handle(event, at: .now, using: &random)
        perform(actions, on: &current, in: &group)
        // A connection that was under way is still to be closed: what is buffered is handled to the end.
        if machine.isStopped { signalSource.finish() }
      }
      questions.linkDown()
      complaints.close()
      group.cancelAll()
    }
  }

  /// The connection of the moment; every attempt has a number, so that late news of an old one is told apart.
  private struct Current {
    var epoch = 0
    var server: ServerAddress?
    var connection: (any NATSConnection)?
  }

  private func event(of signal: Signal, for current: inout Current) -> ConnectionSupervisor.Event? {
    switch signal {
    case .woken(let timer): return .woken(timer: timer)
    case .stop: return .stop
    case .connected(let connection, _):
      current.connection = connection
      return .connected
    case .failed(let error, let epoch): return epoch == current.epoch ? .failed(error) : nil
    case .lost(let error, let epoch): return epoch == current.epoch ? .lost(error) : nil
    case .rejected(let error): return .rejected(error)
    case .pinged(let message, let epoch):
      if let server = ServerInfo(message.payload) { reporter.learn(server) }
      return epoch == current.epoch ? .pinged(message.isNoResponders ? .noResponders : .answered) : nil
    case .unanswered(let epoch): return epoch == current.epoch ? .pinged(.silent) : nil
    case .checked(let standing, let epoch): return epoch == current.epoch ? .checked(standing) : nil
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
      case .judge(let ping):
        group.addTask { [epoch = current.epoch] in self.send(.checked(await self.standing(ping), epoch: epoch)) }
      case .open:
        if let connection = current.connection {
          links.put(.up(connection))
          opened.withLock { $0 = connection }
          questions.linkUp(connection)
        }
      case .shut:
        links.put(.down)
        opened.withLock { $0 = nil }
        questions.linkDown()
      case .close:
        guard let connection = current.connection else { continue }
        current.connection = nil
        group.addTask {
          self.drops.add(await connection.takeDropped())
          await connection.close()
        }
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
    Task { [connector, subscriptions, questions, receive, hear] in
      // Anybody may send to the inbox, as often as they like. The server at the other end answers sooner than those behind it.
      let answers = Allowance(Self.mostAnswers)
      do throws(NATSError) {
        let connection = try await connector.connect(to: server, listening: subscriptions) { event in
          switch event {
          case .message(let message) where message.token == Self.pingToken:
            if answers.take() { self.send(.pinged(message, epoch: epoch)) }
            receive(message)
          case .message(let message) where message.token.hasPrefix(ServerQuestions.prefix): questions.receive(message)
          case .message(let message): receive(message)
          case .heard(let message): hear(message)
          case .complaint(let error): self.complaints.put(error)
          case .closed(let error): self.send(.lost(error, epoch: epoch))
          }
        }
        if !self.send(.connected(connection, epoch: epoch)) { await connection.close() }
      } catch {
        self.send(.failed(error, epoch: epoch))
      }
    }
  }

  /// Counts what the library drops by itself.
  private func countDropped() async {
    while !Task.isCancelled {
      if let connection = opened.withLock({ $0 }) { drops.add(await connection.takeDropped()) }
      do { try await Task.sleep(for: Self.dropsInterval) } catch { return }
    }
  }

  private func ping(_ connection: any NATSConnection, epoch: Int) async {
    let request = Publication(subject: "$SYS.REQ.SERVER.PING", replyToken: Self.pingToken, payload: [])
    do throws(NATSError) {
      _ = try await connection.publish([request], within: Self.flushPatience)
    } catch {
      send(error.code == .notPermitted ? .unanswered(epoch: epoch) : .lost(error, epoch: epoch))
    }
  }

  private func wake(after pause: Duration, timer: Int) async {
    do {
      try await Task.sleep(for: pause)
      send(.woken(timer))
    } catch {
      // Cancelled: the service stops.
    }
  }
}
