extension SystemSession {
  /// What came back for a question to servers.
  public struct FleetReplies: Sendable {
    /// The replies, in the order of their arrival.
    public internal(set) var readable: [FleetReply] = []
    /// How many replies could not be read.
    public internal(set) var unreadable = 0
    /// How many replies there was no room for: a question takes 4,096, of 64 MiB together.
    public internal(set) var passedOver = 0

    /// Nothing.
    public init() {}

    /// Adds the replies to another question.
    public mutating func append(_ other: FleetReplies) {
      readable += other.readable
      unreadable += other.unreadable
      passedOver += other.passedOver
    }
  }

  /// Asks all servers. Nobody knows how many they are: it is over when none answered for a tenth of the time, or half a second.
  ///
  /// - Throws: ``NATSError`` when the question did not go out.
  public func askFleet(
    _ subject: String, _ payload: [UInt8] = [], within time: Duration
  ) async throws(NATSError) -> FleetReplies {
    let quiet = min(time, max(.milliseconds(500), time / 10))
    return Self.read(try await inquire(subject, payload, Inquiry.Patience(quiet: quiet, longest: time, takesFirst: false)))
  }

  /// Asks one server; its reply ends the wait.
  ///
  /// - Throws: ``NATSError`` when the question did not go out.
  public func askServer(
    _ subject: String, _ payload: [UInt8] = [], within time: Duration
  ) async throws(NATSError) -> FleetReplies {
    Self.read(try await inquire(subject, payload, .service(within: time)))
  }

  private static func read(_ inquiry: Inquiry?) -> FleetReplies {
    var read = FleetReplies()
    guard let inquiry else { return read }
    for (reply, delay) in zip(inquiry.replies.joined(), inquiry.delays.joined()) where !reply.isNoResponders {
      if let readable = FleetReply(reply.payload, delay: delay) { read.readable.append(readable) } else { read.unreadable += 1 }
    }
    read.passedOver = inquiry.passedOver
    return read
  }
}
