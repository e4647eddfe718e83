/// Decides when to connect where, whether the connection is good for anything, and what is worth a line in the log.
///
/// A pure machine: events and the time come in, actions come out. It is the only one that retries: the library underneath gives up for good
/// when a server refuses the user twice. It never ends by itself.
struct ConnectionSupervisor: Sendable {
  typealias Instant = ContinuousClock.Instant

  enum Event: Sendable {
    case start
    case connected
    case failed(NATSError)
    /// What came back when it was asked whether the user belongs to the system account.
    case pinged(AccountStanding.Ping)
    /// What follows from it.
    case checked(AccountStanding)
    /// The connection is gone.
    case lost(NATSError)
    /// The connection is there, but what it is for does not work over it.
    case rejected(NATSError)
    case woken(timer: Int)
    case stop
  }

  enum Action: Sendable, Equatable {
    /// Try the server of this number.
    case connect(server: Int)
    /// Ask whether the user belongs to the system account.
    case check
    /// Find out what this says about the user.
    case judge(AccountStanding.Ping)
    /// Announcements may begin.
    case open
    /// Announcements must end.
    case shut
    case close
    case wake(after: Duration, timer: Int)
    /// The state changed; `isNews` when it deserves a line in the log.
    case report(Report, isNews: Bool)
  }

  enum Report: Sendable, Equatable {
    case connected
    case disconnected(NATSError)
    case unusable(NATSError)
  }

  private enum State {
    case idle
    case connecting
    case waiting
    case checking
    case judging
    case open(since: Instant)
    /// Connected for nothing; tried again when the timer fires.
    case unusable
    case stopped
  }

  /// How long the answer to the check may take, with the time until the server has read the question.
  private static let patience = Duration.seconds(4)

  private let servers: Int
  private let recheck: Duration
  private var state = State.idle
  private var server = 0
  private var attemptsLeft = 0
  private var timer = 0
  private var backoff: Backoff
  private var news = ConnectionNews()

  /// - Parameters:
  ///   - servers: how many there are, at least one.
  ///   - reconnectWait: the pauses between attempts.
  ///   - recheck: how long until a connection that is good for nothing is tried again.
  init(servers: Int, reconnectWait: ClosedRange<Duration>, recheck: Duration = .seconds(30)) {
    self.servers = servers
    self.recheck = recheck
    backoff = Backoff(reconnectWait)
  }

  var isStopped: Bool {
    if case .stopped = state { true } else { false }
  }

  mutating func handle(_ event: Event, at now: Instant, using random: inout some RandomNumberGenerator) -> [Action] {
    switch (state, event) {
    case (.stopped, .connected): return [.close]
    case (.stopped, _): return []
    case (_, .stop): return stop()
    case (.idle, .start): return beginRound()
    case (.connecting, .connected): return [.check] + wait(Self.patience, in: .checking)
    case (.connecting, .failed(let error)): return failed(error, using: &random)
    case (.checking, .pinged(let ping)): return judge(ping)
    case (.checking, .woken(timer)): return judge(.silent)
    case (.judging, .checked(.system)), (.judging, .checked(.unconfirmed)):
      state = .open(since: now)
      return [.open, .report(.connected, isNews: news.connected())]
    case (.judging, .checked(.foreign(let error))): return becomeUnusable(error, using: &random)
    case (.checking, .rejected(let error)), (.judging, .rejected(let error)): return lost(error, at: now, using: &random)
    case (.checking, .lost(let error)), (.judging, .lost(let error)), (.open, .lost(let error)): return lost(error, at: now, using: &random)
    case (.open, .rejected(let error)) where error.code == .notPermitted:
      return [.shut] + becomeUnusable(error, using: &random)
    case (.open, .rejected(let error)): return lost(error, at: now, using: &random)
    case (.unusable, .lost):
      // The timer of the slow retry stays: the reason is known, and reconnecting at once does not change it.
      return [.close]
    case (.waiting, .woken(timer)): return beginRound()
    case (.unusable, .woken(timer)): return [.close] + beginRound()
    default: return []
    }
  }

  private mutating func judge(_ ping: AccountStanding.Ping) -> [Action] {
    state = .judging
    return [.judge(ping)]
  }

  private mutating func beginRound() -> [Action] {
    attemptsLeft = servers
    return connect()
  }

  private mutating func connect() -> [Action] {
    state = .connecting
    attemptsLeft -= 1
    return [.connect(server: server)]
  }

  private mutating func failed(_ error: NATSError, using random: inout some RandomNumberGenerator) -> [Action] {
    let report = Action.report(.disconnected(error), isNews: news.failed(server: server, error.code))
    server = (server + 1) % servers
    if attemptsLeft > 0 { return [report] + connect() }
    return [report] + wait(backoff.next(using: &random), in: .waiting)
  }

  private mutating func lost(_ error: NATSError, at now: Instant, using random: inout some RandomNumberGenerator) -> [Action] {
    var actions: [Action] = [.close]
    if case .open(let since) = state {
      actions.insert(.shut, at: 0)
      // A connection that did not last is a failure like any other: the pauses go on growing, and nothing is said twice.
      if since.duration(to: now) >= backoff.range.upperBound {
        backoff.reset()
        news = ConnectionNews()
      }
    }
    actions.append(.report(.disconnected(error), isNews: news.lost(error.code)))
    server = (server + 1) % servers
    return actions + wait(backoff.next(using: &random), in: .waiting)
  }

  private mutating func becomeUnusable(_ error: NATSError, using random: inout some RandomNumberGenerator) -> [Action] {
    let report = Action.report(.unusable(error), isNews: news.unusable(error.code))
    return [report] + wait(Backoff.draw(recheck...(recheck * 1.2), using: &random), in: .unusable)
  }

  private mutating func wait(_ pause: Duration, in state: State) -> [Action] {
    self.state = state
    timer += 1
    return [.wake(after: pause, timer: timer)]
  }

  private mutating func stop() -> [Action] {
    defer { state = .stopped }
    switch state {
    case .open: return [.shut, .close]
    case .checking, .judging, .unusable: return [.close]
    case .idle, .connecting, .waiting, .stopped: return []
    }
  }
}
