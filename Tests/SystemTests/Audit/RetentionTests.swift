import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("serve --keep-versions and --keep-tombstones")
  struct RetentionTests {
    private typealias Line = AuditCommandTests.Line

    private func lines(_ directory: String, of account: AccountKey) async throws -> [Line] {
      let result = try await Command.claims("audit", "-dir", directory, "--json", "--account", account.text)
      #expect(result.ending == .exited(0), "\(result.errors)")
      return try result.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test("after 25 pushes the log holds the bytes of 20, the chain verifies, and the next start serves the newest")
    func keepsVersions() async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let claims = try await ServerUnderTest(organisation)
      let directory = try #require(claims.options.directory)
      for second in Int64(0)..<25 { try await claims.store(account.token(second), of: account) }
      try await eventually("the oldest five are given up") {
        try await lines(directory, of: account.key).filter { $0.bytes == nil }.count == 5
      }
      let all = try await lines(directory, of: account.key)
      #expect(all.count == 25)
      #expect(all.prefix(5).allSatisfy { $0.bytes == nil } && all.dropFirst(5).allSatisfy { $0.bytes != nil })
      let beside = try await Command.claims("audit", "-dir", directory, "--verify")
      #expect(beside.ending == .exited(0), "\(beside.output)\(beside.errors)")
      #expect(beside.lines.first?.contains("5 tokens given up by retention") == true)
      #expect(try await claims.http.push(account.token(0), to: account.key).status == 409)
      #expect(try await claims.stop() == .exited(0))

      var options = claims.options
      options.directory = directory
      options.extra = ["--keep-versions", "3", "--keep-tombstones", "30d"]
      let again = try await ServerUnderTest(options)
      #expect(try await again.http.account(account.key).body == account.token(24).bytes)
      try await eventually("only three are kept") {
        try await lines(directory, of: account.key).filter { $0.bytes != nil }.count == 3
      }
      #expect(try await again.stop() == .exited(0))
      let stopped = try await Command.claims("audit", "-dir", directory, "--verify")
      #expect(stopped.ending == .exited(0), "\(stopped.output)\(stopped.errors)")
    }

    @Test("a setting below 1 is not understood")
    func refuses() async throws {
      for arguments in [["--keep-versions", "0"], ["--keep-tombstones", "0"], ["--keep-tombstones", "x"]] {
        let result = try await Command(tool: .claims, arguments: ["serve"] + arguments).run()
        #expect(result.ending == .exited(64), "\(arguments)")
        #expect(result.errors.contains(arguments[0]))
      }
    }
  }
}
