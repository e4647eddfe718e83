extension SystemSession {
  /// What came back for a question to servers.
  public struct FleetReplies: Sendable {
    /// The replies, in the order of their arrival.
    public internal(set) var readable: [FleetReply] = []
    /// How many replies could not be read.
    public internal(set) var unreadable = 0

    /// Nothing.
    public init() {}

    /// Adds the replies to another question.
    public mutating func append(_ other: FleetReplies) {
      readable += other.readable
      unreadable += other.unreadable
    }
  }

  /// Asks all servers. Nobody knows how many they are: it is over when none answered for a tenth of the time, or half a second.
  ///
  /// - Throws: ``NATSError`` when the question did not go out.
  public func askFleet(
    _ subject: String, _ payload: [UInt8] = [], within time: Duration
  ) async throws(NATSError) -> FleetReplies {
    let quiet = min(time, max(.milliseconds(500), time / 10))
    return Self.read(try await replies(to: subject, payload, Inquiry.Patience(quiet: quiet, longest: time, takesFirst: false)))
  }

  /// Asks one server; its reply ends the wait.
  ///
  /// - Throws: ``NATSError`` when the question did not go out.
  public func askServer(
    _ subject: String, _ payload: [UInt8] = [], within time: Duration
  ) async throws(NATSError) -> FleetReplies {
    Self.read(try await replies(to: subject, payload, .service(within: time)))
  }

  private static func read(_ replies: [SessionReply]) -> FleetReplies {
    var read = FleetReplies()
    for reply in replies {
      if let readable = FleetReply(reply.payload, delay: reply.delay) { read.readable.append(readable) } else { read.unreadable += 1 }
    }
    return read
  }
}
