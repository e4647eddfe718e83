import ClaimsTestSupport

@testable import ClaimsNATS

/// A supervisor with a clock that tests move.
struct SupervisorUnderTest {
  static let refused = NATSError(.unreachable, "No server available")
  static let unauthorized = NATSError(.unauthorized, "Authorization Violation")
  static let closed = NATSError(.closed, "Connection Closed")
  static let foreign = NATSError(.notSystemAccount, "not of the system account")

  private(set) var machine: ConnectionSupervisor
  private var now = ContinuousClock.now
  private var random = SeededGenerator()
  /// The timer that was set last.
  private(set) var timer = 0
  /// Its pause.
  private(set) var pause = Duration.zero

  init(servers: Int = 1) {
    machine = ConnectionSupervisor(servers: servers, reconnectWait: .milliseconds(250) ... .seconds(8), recheck: .seconds(30))
  }

  /// Hands an event in; pauses are noted and left out of what comes out.
  mutating func callAsFunction(_ event: ConnectionSupervisor.Event, after elapsed: Duration = .zero) -> [ConnectionSupervisor.Action] {
    now += elapsed
    return machine.handle(event, at: now, using: &random).filter { action in
      guard case .wake(let pause, let timer) = action else { return true }
      (self.pause, self.timer) = (pause, timer)
      return false
    }
  }

  /// Lets the timer fire.
  mutating func wake() -> [ConnectionSupervisor.Action] {
    self(.woken(timer: timer), after: pause)
  }

  /// Lets the check be answered, and come to this.
  mutating func checked(_ standing: AccountStanding) -> [ConnectionSupervisor.Action] {
    _ = self(.pinged(.answered))
    return self(.checked(standing))
  }

  /// Brings it to an open connection.
  mutating func open() {
    _ = self(.start)
    _ = self(.connected)
    _ = checked(.system)
  }
}
