/// The port to the NATS library: one attempt to connect to one server.
protocol NATSConnector: Sendable {
  /// Connects, or says why not, within the timeout of its options.
  ///
  /// - Parameters:
  ///   - server: the server to try.
  ///   - subscriptions: what to listen to for as long as the connection lives.
  ///   - events: called from any thread with what happens to the connection; not after the connection's `close` has returned, but for one that was on its way.
  /// - Returns: a connection that the caller must close, also after it was lost.
  /// - Throws: the reason; nothing is left open then.
  func connect(
    to server: ServerAddress, listening subscriptions: [Subscription], events: @escaping @Sendable (ConnectionEvent) -> Void
  ) async throws(NATSError) -> any NATSConnection
}

/// One connection to one server. It never reconnects: when it is lost it is over.
protocol NATSConnection: AnyObject, Sendable {
  /// The server's id.
  var serverID: String { get }

  /// What the server calls this connection; nil when it did not say.
  var clientID: Int64? { get }

  /// The largest payload the server takes, in bytes, as it said when the connection was made.
  var maximumPayload: Int { get }

  /// Publishes messages, in order, and waits until the server has read them all.
  ///
  /// - Parameters:
  ///   - batch: the messages; their replies come as events.
  ///   - deadline: how long the server may take.
  /// - Returns: for each message whether it went out or was too large.
  /// - Throws: the reason when it is not known that the server has read them all.
  func publish(_ batch: [Publication], within deadline: Duration) async throws(NATSError) -> [PublicationOutcome]

  /// Hands messages over to be sent soon, in order, without waiting for the server.
  ///
  /// - Returns: for each message whether it is on its way or was too large.
  /// - Throws: the reason when the connection takes no more.
  @discardableResult
  func send(_ batch: [Publication]) async throws(NATSError) -> [PublicationOutcome]

  /// How many messages were dropped since this was asked the last time, because they were not taken as fast as they came.
  func takeDropped() async -> Int

  /// Closes the connection and frees what it holds; a `publish` under way fails. What arrived before the connection was lost is delivered first, as far
  /// as that takes no longer than half a second. More calls do nothing.
  func close() async
}

/// A message to publish.
struct Publication: Sendable, Hashable {
  let subject: String
  /// What the replies to this message carry as ``InboxMessage/token``; nil when none are wanted.
  let replyToken: String?
  let payload: [UInt8]
}

/// Subjects to listen to.
struct Subscription: Sendable, Hashable {
  let subject: String
  /// The group of which one member gets each message; nil to get them all.
  var queue: String?
}

/// A message that arrived on a subscription.
public struct NATSMessage: Sendable, Hashable {
  /// Where it was sent to.
  public let subject: String
  /// Where an answer goes; nil when none is wanted.
  public let reply: String?
  /// What it holds, without headers.
  public let payload: [UInt8]

  /// Creates a message.
  public init(subject: String, reply: String? = nil, payload: [UInt8]) {
    self.subject = subject
    self.reply = reply
    self.payload = payload
  }

  /// How many bytes it takes.
  var size: Int { subject.utf8.count + (reply?.utf8.count ?? 0) + payload.count }
}

/// What became of a message.
enum PublicationOutcome: Sendable, Hashable {
  /// The server has read it.
  case sent
  /// It was not sent, because the server takes at most `limit` bytes.
  case tooLarge(limit: Int)
}

/// What a connection tells.
enum ConnectionEvent: Sendable {
  /// A reply arrived.
  case message(InboxMessage)
  /// A message arrived on a subscription.
  case heard(NATSMessage)
  /// The server complained, and the connection goes on.
  case complaint(NATSError)
  /// The connection was lost, or closed by us; comes once. What had arrived before may still come until ``NATSConnection/close()`` has returned.
  case closed(NATSError)
}

/// A reply to one of our requests.
struct InboxMessage: Sendable, Hashable {
  /// Which request it answers: the last token of its subject.
  let token: String
  let payload: [UInt8]
  /// True for the server's own answer that nobody listens to the request's subject.
  var isNoResponders = false
}
