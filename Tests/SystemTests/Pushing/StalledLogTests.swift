import Claims
import ClaimsTestSupport
import Glibc
import TestSupport
import Testing

extension SystemTests {
  @Suite("a server whose log nobody reads")
  struct StalledLogTests {
    @Test("takes pushes and answers lookups all the same, and its lines come when somebody reads")
    func stalled() async throws {
      let organisation = try Organisation()
      let pipe = try Stage.required.newFolder("log") + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let reader = open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC)
      defer { close(reader) }
      var options = try ServerUnderTest.Options(organisation)
      options.tracer = ["/bin/sh", "-c", "exec \"$@\" 2>'\(pipe)'", "sh"]
      let claims = try await ServerUnderTest(options)
      // A pipe takes 64 KiB, and a push has a line of 300 bytes.
      let accounts = try (0..<600).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try await claims.store(account.token(), of: account) }
      #expect(try await claims.http.account(accounts[599].key).body == accounts[599].token().bytes)

      var log = ""
      try await eventually("every push has its line") {
        log += Self.text(reader)
        return log.split(separator: "\n").count { $0.contains("] claims accepted ") } == accounts.count
      }
      #expect(accounts.allSatisfy { log.contains("account=\($0.key) ") })
      #expect(try await claims.stop() == .exited(0))
    }

    /// What lies in the pipe.
    private static func text(_ reader: Int32) -> String {
      var text: [UInt8] = []
      var bytes = [UInt8](repeating: 0, count: 65_536)
      while case let count = read(reader, &bytes, bytes.count), count > 0 { text += bytes[..<count] }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
