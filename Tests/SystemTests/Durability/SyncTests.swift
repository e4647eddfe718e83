import Claims
import ClaimsTestSupport
import Foundation
import Testing

extension SystemTests {
  @Suite("an acknowledged push")
  struct SyncTests {
    @Test("of a single client was synced to the log before its answer, each by a sync of its own")
    func syncedBeforeTheAnswer() async throws {
      let organisation = try Organisation()
      let trace = try Stage.required.path("trace")
      var options = try ServerUnderTest.Options(organisation)
      options.tracer = [try Tool.strace.path, "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", trace]
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      for second in Int64(0)..<20 {
        let before = try Self.logSyncs(in: trace)
        try await claims.store(account.token(second), of: account)
        #expect(try Self.logSyncs(in: trace) > before, "push \(second) was acknowledged without a sync")
      }
    }

    /// Counts the syncs of the log that have returned. strace writes each line before the call returns to the program.
    ///
    /// A call that another thread's line interrupts takes two lines; the first one names the file, the second one the result.
    private static func logSyncs(in trace: String) throws -> Int {
      var interrupted: Set<Substring> = []
      var count = 0
      for line in try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n") {
        guard let thread = line.split(separator: " ").first else { continue }
        let namesLog = line.contains("/.nats-claims/log.sqlite")
        if line.contains("<unfinished ...>") {
          if namesLog { interrupted.insert(thread) }
        } else if line.hasSuffix("= 0"), namesLog || (line.contains(" resumed>") && interrupted.contains(thread)) {
          interrupted.remove(thread)
          count += 1
        }
      }
      return count
    }
  }
}
