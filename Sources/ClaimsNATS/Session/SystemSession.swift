import ClaimsRegistry
import Logging
import Synchronization

/// A connection of the system account for a command: asks servers, and hears what they tell. It needs no server of ours and no operator.
///
/// It connects again by itself until it is closed.
public final class SystemSession: Sendable {
  /// What was heard, in the order of its arrival, all that waits together; one listener. When it is slow the newest are kept beside
  /// those that it took, 65,536 of 64 MiB together, see ``dropped``.
  public let messages: AsyncStream<[NATSMessage]>
  /// How the connection stands, each time it changes; one listener. When it is slow the newest 64 are kept, see ``unheard``.
  public let standings: AsyncStream<ConnectionStatus>
  /// What servers complain of while the connection goes on, such as subjects that the user may not hear; one listener. When it is slow the newest
  /// 64 are kept, see ``unheard``.
  public let complaints: AsyncStream<NATSError>

  private static let mostMessages = 65_536

  /// How many servers are tried.
  let servers: Int
  private let connection: ConnectionService
  private let drops: DropCount
  private let droppedNotes: DropCount
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
    let dropped = DropCount()
    let unheard = DropCount()
    let box = Mailbox<NATSMessage>(capacity: Self.mostMessages, dropping: .oldest, drops: dropped)
    let (standings, standingSource) = AsyncStream.makeStream(of: ConnectionStatus.self, bufferingPolicy: .bufferingNewest(64))
    let (complaints, complaintSource) = AsyncStream.makeStream(of: NATSError.self, bufferingPolicy: .bufferingNewest(64))
    self.servers = servers.count
    self.complaints = complaints
    messages = AsyncStream { await box.next() }
    self.standings = standings
    // A command tells of its connection itself.
    let reporter = ConnectionReporter(
      warnings: Warnings(), metrics: MetricsRegistry(), logger: Logger(label: "session", factory: { _ in SwiftLogNoOpLogHandler() }),
      onChange: { if case .dropped = standingSource.yield($0) { unheard.add() } },
      onNote: { if case .dropped = complaintSource.yield($0) { unheard.add() } })
    let connection = ConnectionService(
      servers: servers, options: options, connector: CNATSConnector(options: options),
      subscriptions: subjects.map { Subscription(subject: $0) }, systemAccounts: { [] }, reporter: reporter,
      drops: dropped, passedOver: unheard,
      hear: { box.put($0, bytes: $0.size) })
    self.connection = connection
    drops = dropped
    droppedNotes = unheard
    work = Task {
      await connection.run()
      box.close()
      standingSource.finish()
      complaintSource.finish()
    }
  }

  /// How many messages were dropped because the listener was slow.
  public var dropped: Int { drops.value }

  /// How many complaints, and changes of the connection, were dropped because the listener was slow.
  public var unheard: Int { droppedNotes.value }

  /// Asks, and gathers the replies; nil when nothing is known of the question any more.
  func inquire(_ subject: String, _ payload: [UInt8], _ patience: Inquiry.Patience) async throws(NATSError) -> Inquiry? {
    try await connection.questions.inquire(subject, [payload], patience: patience)
  }

  /// Ends the connection.
  public func close() async {
    connection.stop()
    await work.value
  }
}
