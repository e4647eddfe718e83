import Testing

@testable import ClaimsNATS

@Suite("The connection's supervisor")
struct ConnectionSupervisorTests {
  typealias Under = SupervisorUnderTest

  @Test("a connection is checked before announcements begin", arguments: [AccountStanding.system, .unconfirmed])
  func opens(standing: AccountStanding) {
    var supervisor = Under()
    #expect(supervisor(.start) == [.connect(server: 0)])
    #expect(supervisor(.connected) == [.check])
    #expect(supervisor.checked(standing) == [.open, .report(.connected, isNews: true)])
  }

  @Test("of several answers to the check the first counts, and silence is one when the time is over")
  func answers() {
    var supervisor = Under()
    _ = supervisor(.start)
    #expect(supervisor(.connected) == [.check])
    #expect(supervisor.pause == .seconds(4))
    #expect(supervisor(.pinged(.noResponders)) == [.judge(.noResponders)])
    #expect(supervisor(.pinged(.answered)) == [])
    #expect(supervisor.wake() == [])
    _ = supervisor(.checked(.system))
    _ = supervisor(.lost(Under.closed))
    _ = supervisor.wake()
    #expect(supervisor(.connected) == [.check])
    #expect(supervisor.wake() == [.judge(.silent)])
    #expect(supervisor(.pinged(.answered)) == [], "too late")
    #expect(supervisor(.checked(.unconfirmed)).first == .open)
  }

  @Test("all servers are tried before it pauses, and the next round begins where the last ended")
  func rounds() {
    var supervisor = Under(servers: 3)
    #expect(supervisor(.start) == [.connect(server: 0)])
    #expect(supervisor(.failed(Under.refused)) == [.report(.disconnected(Under.refused), isNews: true), .connect(server: 1)])
    #expect(supervisor(.failed(Under.refused)) == [.report(.disconnected(Under.refused), isNews: true), .connect(server: 2)])
    #expect(supervisor(.failed(Under.refused)) == [.report(.disconnected(Under.refused), isNews: true)])
    #expect(supervisor.pause >= .milliseconds(250))
    #expect(supervisor.wake() == [.connect(server: 0)])
  }

  @Test("it never gives up, whatever the reason", arguments: [Under.refused, Under.unauthorized, Under.closed])
  func neverGivesUp(error: NATSError) {
    var supervisor = Under()
    _ = supervisor(.start)
    for attempt in 0..<1000 {
      #expect(supervisor(.failed(error)) == [.report(.disconnected(error), isNews: attempt == 0)])
      #expect(supervisor.pause <= .seconds(8))
      #expect(supervisor.wake() == [.connect(server: 0)])
    }
  }

  @Test("a reason is told when it changes, and the return once")
  func news() {
    var supervisor = Under()
    _ = supervisor(.start)
    #expect(supervisor(.failed(Under.refused)) == [.report(.disconnected(Under.refused), isNews: true)])
    _ = supervisor.wake()
    #expect(supervisor(.failed(Under.unauthorized)) == [.report(.disconnected(Under.unauthorized), isNews: true)])
    _ = supervisor.wake()
    #expect(supervisor(.failed(Under.unauthorized)) == [.report(.disconnected(Under.unauthorized), isNews: false)])
    _ = supervisor.wake()
    #expect(supervisor(.failed(Under.refused)) == [.report(.disconnected(Under.refused), isNews: true)])
    _ = supervisor.wake()
    _ = supervisor(.connected)
    #expect(supervisor.checked(.system) == [.open, .report(.connected, isNews: true)])
  }

  @Test("a lost connection is replaced")
  func lost() {
    var supervisor = Under()
    supervisor.open()
    #expect(supervisor(.lost(Under.closed), after: .seconds(60)) == [.shut, .close, .report(.disconnected(Under.closed), isNews: true)])
    #expect(supervisor.pause <= .milliseconds(500))
    #expect(supervisor.wake() == [.connect(server: 0)])
  }

  @Test("a connection that is lost again and again is told of twice at most, and the pauses grow")
  func flapping() {
    var supervisor = Under()
    _ = supervisor(.start)
    var told = 0
    var longest = Duration.zero
    for _ in 0..<100 {
      _ = supervisor(.connected)
      for action in supervisor.checked(.system) + supervisor(.lost(Under.closed), after: .milliseconds(10)) {
        if case .report(_, isNews: true) = action { told += 1 }
      }
      longest = max(longest, supervisor.pause)
      _ = supervisor.wake()
    }
    #expect(told == 3, "connected, lost, connected")
    #expect(longest > .seconds(4))
  }

  @Test("a connection that lasted makes the next loss news again, and the pauses short")
  func lasted() {
    var supervisor = Under()
    supervisor.open()
    for _ in 0..<3 {
      #expect(supervisor(.lost(Under.closed), after: .seconds(9)).contains(.report(.disconnected(Under.closed), isNews: true)))
      #expect(supervisor.pause <= .milliseconds(500))
      _ = supervisor.wake()
      _ = supervisor(.connected)
      #expect(supervisor.checked(.system).contains(.report(.connected, isNews: true)))
    }
  }

  @Test("a user of another account is told once, kept, and tried again slowly")
  func foreign() {
    var supervisor = Under()
    _ = supervisor(.start)
    for round in 0..<3 {
      _ = supervisor(.connected)
      #expect(supervisor.checked(.foreign(Under.foreign)) == [.report(.unusable(Under.foreign), isNews: round == 0)])
      #expect(supervisor.pause >= .seconds(30))
      #expect(supervisor.wake() == [.close, .connect(server: 0)])
    }
    _ = supervisor(.connected)
    #expect(supervisor.checked(.system) == [.open, .report(.connected, isNews: true)])
  }

  @Test("losing a connection that is good for nothing does not hurry the next attempt")
  func foreignLost() {
    var supervisor = Under()
    _ = supervisor(.start)
    _ = supervisor(.connected)
    _ = supervisor.checked(.foreign(Under.foreign))
    #expect(supervisor(.lost(Under.closed)) == [.close])
    #expect(supervisor.wake() == [.close, .connect(server: 0)])
  }

  @Test("a server that stops answering is left")
  func rejected() {
    var supervisor = Under(servers: 2)
    supervisor.open()
    let timeout = NATSError(.timeout, "Timeout")
    #expect(supervisor(.rejected(timeout)) == [.shut, .close, .report(.disconnected(timeout), isNews: true)])
    #expect(supervisor.wake() == [.connect(server: 1)])
  }

  @Test("a user that may not announce is told of, and tried again slowly")
  func notPermitted() {
    var supervisor = Under()
    supervisor.open()
    let error = NATSError(.notPermitted, "Permissions Violation")
    #expect(supervisor(.rejected(error)) == [.shut, .report(.unusable(error), isNews: true)])
    #expect(supervisor.pause >= .seconds(30))
    #expect(supervisor.wake() == [.close, .connect(server: 0)])
  }

  @Test("a timer of an earlier pause does nothing")
  func lateTimer() {
    var supervisor = Under()
    _ = supervisor(.start)
    _ = supervisor(.failed(Under.refused))
    let early = supervisor.timer
    _ = supervisor.wake()
    _ = supervisor(.failed(Under.refused))
    #expect(supervisor(.woken(timer: early)).isEmpty)
    #expect(supervisor.wake() == [.connect(server: 0)])
  }

  @Test("a stop closes what is open")
  func stop() {
    var open = Under()
    open.open()
    #expect(open(.stop) == [.shut, .close])
    var waiting = Under()
    _ = waiting(.start)
    _ = waiting(.failed(Under.refused))
    #expect(waiting(.stop).isEmpty)
    #expect(waiting.wake().isEmpty)
    #expect(waiting.machine.isStopped)
  }

  @Test("a connection that comes after the stop is closed")
  func lateConnection() {
    var supervisor = Under()
    _ = supervisor(.start)
    #expect(supervisor(.stop).isEmpty)
    #expect(supervisor(.connected) == [.close])
  }
}
