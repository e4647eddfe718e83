import NIOCore

/// Until when a connection must have made its next step: a pure state machine over one connection's events.
struct ConnectionDeadlines: Sendable, Equatable {
  /// Why a connection is closed.
  enum Reason: String, Sendable {
    case headers
    case body
    case idle
    case lingering

    /// The metric's label; nil where the refusal was counted before.
    var counted: String? { self == .lingering ? nil : rawValue }
  }

  private enum Reading: Sendable, Equatable {
    case nothing
    case headers(since: NIODeadline)
    case body(since: NIODeadline)
  }

  private let limits: HTTPLimits
  private var reading = Reading.nothing
  private var unanswered = 0
  private var lastStep: NIODeadline
  private var stalledSince: NIODeadline?
  private var lingeringSince: NIODeadline?

  init(limits: HTTPLimits, now: NIODeadline) {
    self.limits = limits
    lastStep = now
  }

  /// Requests whose answers are not complete.
  var outstanding: Int { unanswered }

  /// Whether a request's body is being read.
  var isReadingBody: Bool {
    if case .body = reading { true } else { false }
  }

  /// Since when nothing is asked and nothing is owed; nil while something is.
  var idleSince: NIODeadline? {
    reading == .nothing && unanswered == 0 && stalledSince == nil && lingeringSince == nil ? lastStep : nil
  }

  mutating func bytesArrived(_ now: NIODeadline) {
    if reading == .nothing { reading = .headers(since: now) }
  }

  mutating func headersEnded(_ now: NIODeadline) {
    reading = .body(since: now)
    unanswered += 1
  }

  mutating func requestEnded() {
    reading = .nothing
  }

  mutating func answerEnded(_ now: NIODeadline) {
    unanswered = max(0, unanswered - 1)
    lastStep = now
  }

  /// The client stopped, or began again, to take what is written.
  mutating func writable(_ isWritable: Bool, _ now: NIODeadline) {
    stalledSince = isWritable ? nil : now
  }

  /// The refusal of a request that is too large is written: the rest is thrown away for a while.
  mutating func lingering(_ now: NIODeadline) {
    lingeringSince = now
  }

  /// The next deadline; nil while the connection waits for us.
  var next: (at: NIODeadline, reason: Reason)? {
    if let lingeringSince { return (lingeringSince + limits.lingering, .lingering) }
    let stalled = stalledSince.map { (at: $0 + limits.answerDeadline, reason: Reason.idle) }
    let step: (at: NIODeadline, reason: Reason)? =
      switch reading {
      case .headers(let since): (since + limits.headersDeadline, .headers)
      case .body(let since): (since + limits.bodyDeadline, .body)
      case .nothing: unanswered == 0 ? (lastStep + limits.idleDeadline, .idle) : nil
      }
    guard let stalled else { return step }
    guard let step else { return stalled }
    return stalled.at < step.at ? stalled : step
  }
}
