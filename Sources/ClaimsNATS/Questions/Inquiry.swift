/// Questions that were put to all servers together, and what came back. Nobody knows how many servers there are, so it is over when they are
/// quiet.
struct Inquiry: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// How long after the last reply it is over.
  static let quiet = Duration.milliseconds(500)
  /// How long it lasts at most.
  static let longest = Duration.seconds(2)
  /// The most replies that one question takes.
  static let mostReplies = 4096

  /// The replies to each question, in the order of the questions.
  private(set) var replies: [[InboxMessage]]
  /// Why the questions did not go out.
  private(set) var failure: NATSError?
  private var quietFrom: Instant?
  private let closes: Instant

  init(questions: Int, at now: Instant) {
    replies = Array(repeating: [], count: questions)
    closes = now + Self.longest
  }

  /// The server has read the questions.
  mutating func published(at now: Instant) {
    quietFrom = now + Self.quiet
  }

  mutating func fail(_ error: NATSError) {
    failure = error
  }

  mutating func note(_ reply: InboxMessage, to question: Int, at now: Instant) {
    guard replies.indices.contains(question), replies[question].count < Self.mostReplies else { return }
    replies[question].append(reply)
    if quietFrom != nil { quietFrom = now + Self.quiet }
  }

  /// Whether there is nothing more to wait for.
  func isOver(at now: Instant) -> Bool {
    failure != nil || now >= closes || quietFrom.map { now >= $0 } ?? false
  }

  /// Whether the questions went out, as far as is known.
  var isPublished: Bool { quietFrom != nil }
}
