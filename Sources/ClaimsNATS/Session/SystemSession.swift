import ClaimsRegistry
import Logging
import Synchronization

/// A connection of the system account for a command: asks servers, and hears what they tell. It needs no server of ours and no operator.
///
/// It connects again by itself until it is closed.
public final class SystemSession: Sendable {
  /// What was heard, in the order of its arrival; one listener. The newest are kept when it is slow, see ``dropped``.
  public let messages: AsyncStream<NATSMessage>
  /// How the connection stands, each time it changes; one listener.
  public let standings: AsyncStream<ConnectionStatus>
  /// What servers complain of while the connection goes on, such as subjects that the user may not hear; one listener.
  public let complaints: AsyncStream<NATSError>

  private static let largestQueue = 65_536

  /// How many servers are tried.
  let servers: Int
  private let connection: ConnectionService
  private let drops: DropCount
  private let work: Task<Void, Never>

  /// Begins to connect.
  ///
  /// - Parameters:
  ///   - options: the servers, and the login.
  ///   - subjects: what to listen to.
  /// - Throws: ``NATSError`` `invalidURL` when a server's URL cannot be used.
  public init(_ options: NATSOptions, listening subjects: [String] = []) throws(NATSError) {
    try options.check()
    let servers = try options.servers.map { (url) throws(NATSError) in try ServerAddress(url) }
    let (messages, source) = AsyncStream.makeStream(of: NATSMessage.self, bufferingPolicy: .bufferingNewest(Self.largestQueue))
    let (standings, standingSource) = AsyncStream.makeStream(of: ConnectionStatus.self, bufferingPolicy: .bufferingNewest(64))
    let (complaints, complaintSource) = AsyncStream.makeStream(of: NATSError.self, bufferingPolicy: .bufferingNewest(64))
    self.servers = servers.count
    self.complaints = complaints
    self.messages = messages
    self.standings = standings
    // A command tells of its connection itself.
    let reporter = ConnectionReporter(
      warnings: Warnings(), metrics: MetricsRegistry(), logger: Logger(label: "session", factory: { _ in SwiftLogNoOpLogHandler() }),
      onChange: { standingSource.yield($0) }, onNote: { complaintSource.yield($0) })
    let dropped = DropCount()
    let connection = ConnectionService(
      servers: servers, options: options, connector: CNATSConnector(options: options),
      subscriptions: subjects.map { Subscription(subject: $0) }, systemAccounts: { [] }, reporter: reporter,
      hear: { message in
        if case .dropped = source.yield(message) { dropped.add() }
      })
    self.connection = connection
    drops = dropped
    work = Task {
      async let links: Void = { for await _ in connection.links {} }()
      async let replies: Void = { for await _ in connection.replies {} }()
      await connection.run()
      await links
      await replies
      source.finish()
      standingSource.finish()
      complaintSource.finish()
    }
  }

  /// How many messages were dropped because the listener was slow.
  public var dropped: Int { drops.value }

  /// Asks, and gathers the replies with how long each took.
  func replies(to subject: String, _ payload: [UInt8], _ patience: Inquiry.Patience) async throws(NATSError) -> [SessionReply] {
    guard let inquiry = try await connection.questions.inquire(subject, [payload], patience: patience) else { return [] }
    return zip(inquiry.replies.joined(), inquiry.delays.joined()).filter { !$0.0.isNoResponders }.map { reply, delay in
      SessionReply(payload: reply.payload, delay: delay)
    }
  }

  /// Ends the connection.
  public func close() async {
    connection.stop()
    await work.value
  }
}

/// A reply, and how long after the question it came.
struct SessionReply: Sendable {
  let payload: [UInt8]
  let delay: Duration
}

/// Counts what a full queue dropped.
final class DropCount: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add() { count.add(1, ordering: .relaxed) }
}
