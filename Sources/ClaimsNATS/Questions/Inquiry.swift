/// Questions that were put to everybody together, and what came back.
struct Inquiry: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// When it is over.
  struct Patience: Sendable {
    /// How long after the last reply.
    let quiet: Duration
    /// How long it lasts at most.
    let longest: Duration
    /// Whether the first reply ends it.
    let takesFirst: Bool

    /// Nobody knows how many nats-servers there are: it is over when they are quiet.
    static let servers = Patience(quiet: .milliseconds(500), longest: .seconds(2), takesFirst: false)

    /// One service answers, within so much time.
    static func service(within time: Duration) -> Patience { Patience(quiet: time, longest: time, takesFirst: true) }
  }

  /// The most replies that one question takes, and the most bytes that all of them have together.
  static let mostReplies = 4096
  static let mostBytes = 64 << 20

  /// The replies to each question, in the order of the questions.
  private(set) var replies: [[InboxMessage]]
  /// How long after the questions were put each reply came, in the same order.
  private(set) var delays: [[Duration]]
  /// Why the questions did not go out.
  private(set) var failure: NATSError?
  /// How many replies there was no room for.
  private(set) var passedOver = 0
  private var bytes = 0
  private var quietFrom: Instant?
  private let opened: Instant
  private let closes: Instant
  private let patience: Patience

  init(questions: Int, patience: Patience = .servers, at now: Instant) {
    replies = Array(repeating: [], count: questions)
    delays = Array(repeating: [], count: questions)
    self.patience = patience
    opened = now
    closes = now + patience.longest
  }

  private var hasReply: Bool { replies.contains { !$0.isEmpty } }

  /// The server has read the questions.
  mutating func published(at now: Instant) {
    // The first reply can be here before it is known that the question went out.
    if patience.takesFirst, hasReply { return }
    quietFrom = now + patience.quiet
  }

  mutating func fail(_ error: NATSError) {
    if patience.takesFirst, hasReply { return }
    failure = error
  }

  mutating func note(_ reply: InboxMessage, to question: Int, at now: Instant) {
    guard replies.indices.contains(question) else { return }
    if replies[question].count < Self.mostReplies, bytes + reply.payload.count <= Self.mostBytes {
      replies[question].append(reply)
      delays[question].append(opened.duration(to: now))
      bytes += reply.payload.count
    } else {
      passedOver += 1
    }
    if patience.takesFirst {
      quietFrom = now
    } else if quietFrom != nil {
      quietFrom = now + patience.quiet
    }
  }

  /// Whether there is nothing more to wait for.
  func isOver(at now: Instant) -> Bool {
    failure != nil || now >= closes || quietFrom.map { now >= $0 } ?? false
  }

  /// Whether the questions went out, as far as is known.
  var isPublished: Bool { quietFrom != nil }
}
