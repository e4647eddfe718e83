import NIOCore
import Testing

@testable import ClaimsHTTP

@Suite("The deadlines of a connection")
struct ConnectionDeadlinesTests {
  private let limits = HTTPLimits()
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

  private func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

  private func deadlines() -> ConnectionDeadlines { ConnectionDeadlines(limits: limits, now: start) }

  private func expect(
    _ deadlines: ConnectionDeadlines, _ seconds: Int64, _ reason: ConnectionDeadlines.Reason, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(deadlines.next?.at == at(seconds), sourceLocation: location)
    #expect(deadlines.next?.reason == reason, sourceLocation: location)
  }

  @Test("a connection without a request is idle for 30 seconds")
  func idle() {
    expect(deadlines(), 30, .idle)
  }

  @Test("headers have 5 seconds from their first byte, whatever trickles in")
  func headers() {
    var deadlines = deadlines()
    deadlines.bytesArrived(at(10))
    deadlines.bytesArrived(at(14))
    expect(deadlines, 15, .headers)
  }

  @Test("a body has 10 seconds from the end of the headers, whatever trickles in")
  func body() {
    var deadlines = deadlines()
    deadlines.bytesArrived(at(1))
    deadlines.headersEnded(at(2))
    deadlines.bytesArrived(at(9))
    expect(deadlines, 12, .body)
  }

  @Test("while we work on an answer there is no deadline; afterwards the connection is idle")
  func answering() {
    var deadlines = deadlines()
    deadlines.bytesArrived(at(1))
    deadlines.headersEnded(at(1))
    deadlines.requestEnded()
    #expect(deadlines.next == nil)
    #expect(deadlines.outstanding == 1)
    deadlines.answerEnded(at(7))
    expect(deadlines, 37, .idle)
  }

  @Test("a client that does not take its answer is idle")
  func stalled() {
    var deadlines = deadlines()
    deadlines.headersEnded(at(1))
    deadlines.requestEnded()
    deadlines.writable(false, at(2))
    expect(deadlines, 32, .idle)
    deadlines.writable(true, at(3))
    #expect(deadlines.next == nil)
  }

  @Test("of two deadlines the earlier one counts")
  func earlier() {
    var deadlines = deadlines()
    deadlines.writable(false, at(0))
    deadlines.bytesArrived(at(1))
    expect(deadlines, 6, .headers)
    deadlines.headersEnded(at(6))
    deadlines.writable(false, at(-20))
    expect(deadlines, 10, .idle)
  }

  @Test("a client that sent too much is listened to for a moment")
  func lingering() {
    var deadlines = deadlines()
    deadlines.headersEnded(at(1))
    deadlines.lingering(at(3))
    expect(deadlines, 5, .lingering)
    #expect(ConnectionDeadlines.Reason.lingering.counted == nil)
  }

  @Test("an answer more than there were requests does no harm")
  func surplus() {
    var deadlines = deadlines()
    deadlines.answerEnded(at(1))
    #expect(deadlines.outstanding == 0)
    expect(deadlines, 31, .idle)
  }
}
