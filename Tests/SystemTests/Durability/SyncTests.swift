import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("an acknowledged push")
  struct SyncTests {
    @Test("of a single client was written and synced to the log, in this order, before its 200 left the server; each by a sync of its own")
    func syncedBeforeTheAnswer() async throws {
      let organisation = try Organisation()
      let trace = try Stage.required.path("trace")
      var options = try ServerUnderTest.Options(organisation)
      options.tracer = [
        try Tool.strace.path, "-f", "-y", "-s", "64", "-e", "trace=pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync", "-o", trace,
      ]
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      let pushes = 20
      for second in Int64(0)..<Int64(pushes) { try await claims.store(account.token(second), of: account) }
      #expect(try await claims.stop() == .exited(0))

      var order = SyncOrder()
      for line in try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n") { order.read(line) }
      #expect(order.answers == pushes)
      #expect(order.faults.isEmpty, "\(order.faults)")
    }

    @Test("would be found if its answer left before the sync, or without one")
    func orderCanFail() {
      let write = "1 pwrite64(9</d/.nats-claims/log.sqlite-wal>, \"\"..., 4096, 32) = 4096"
      let sync = "1 fdatasync(9</d/.nats-claims/log.sqlite-wal>) = 0"
      let failed = "1 fdatasync(9</d/.nats-claims/log.sqlite-wal>) = -1 EIO (Input/output error)"
      let begun = "1 fdatasync(9</d/.nats-claims/log.sqlite-wal> <unfinished ...>"
      let ended = "1 <... fdatasync resumed>) = 0"
      let answer = "2 writev(12<TCP:[1]>, [{iov_base=\"HTTP/1.1 200 OK\\r\\n\"..., iov_len=99}], 1) = 99"
      func faults(_ lines: String...) -> Int {
        var order = SyncOrder()
        for line in lines { order.read(Substring(line)) }
        return order.faults.count
      }
      #expect(faults(write, sync, answer) == 0)
      #expect(faults(write, begun, ended, answer, write, sync, answer) == 0)
      #expect(faults(answer) == 1)
      #expect(faults(write, answer, sync) == 1)
      #expect(faults(sync, write, answer) == 1)
      #expect(faults(write, failed, answer) == 1)
      #expect(faults(write, begun, answer, ended) == 1)
      #expect(faults(write, sync, answer, answer) == 1)
    }
  }
}

/// Reads the calls of a server as strace wrote them, and looks at what came before every answer 200.
///
/// A call that another thread's line interrupts takes two lines; the first one names the file, the second one the result.
struct SyncOrder {
  private enum State {
    case nothing
    /// Written to the log, not synced.
    case written
    case synced
  }

  /// The answers 200 seen.
  private(set) var answers = 0
  /// Answers that came too early.
  private(set) var faults: [String] = []
  private var state = State.nothing
  /// Threads whose call on the log is under way, with its name.
  private var open: [Substring: Substring] = [:]

  /// Takes the next line.
  mutating func read(_ line: Substring) {
    let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard parts.count == 2 else { return }
    let (thread, text) = (parts[0], parts[1].drop { $0 == " " })
    if text.contains("HTTP/1.1 200 ") { return answer(line) }
    if text.hasPrefix("<... ") {
      guard let call = open.removeValue(forKey: thread) else { return }
      return ends(call, text)
    }
    guard text.contains("/.nats-claims/log.sqlite") else { return }
    let call = text.prefix { $0 != "(" }
    if text.contains("<unfinished ...>") { open[thread] = call } else { ends(call, text) }
  }

  private mutating func ends(_ call: Substring, _ text: Substring) {
    switch call {
    case "pwrite64", "write":
      // The cursor of the directory's reader may be written between the sync and the answer.
      if state == .nothing { state = .written }
    case "fsync", "fdatasync": if state == .written, text.hasSuffix("= 0") { state = .synced }
    default: break
    }
  }

  private mutating func answer(_ line: Substring) {
    answers += 1
    if state != .synced { faults.append("answer \(answers) came before its sync: \(line.prefix(120))") }
    state = .nothing
  }
}
