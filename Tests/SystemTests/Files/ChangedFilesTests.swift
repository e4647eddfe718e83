import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension SystemTests {
  @Suite("files that others change")
  struct ChangedFilesTests {
    private func write(_ token: Token, to options: ServerUnderTest.Options, _ account: AccountKey) throws {
      try Data(token.bytes).write(to: URL(filePath: "\(options.directory ?? "")/\(account).jwt"))
    }

    private func rejected(_ options: ServerUnderTest.Options) -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: "\(options.directory ?? "")/.nats-claims/rejected")) ?? []
    }

    @Test("are pushes when they are newer: served, and announced to nats-servers, whose clients are dropped")
    func announced() async throws {
      let deployment = try await Deployment(.newest)
      let account = try await deployment.account()
      let client = try await deployment.client(of: account)
      try write(account.closed(1), to: deployment.claims.options, account.key)
      try await deployment.isDropped(client, with: "maximum account active connections exceeded")
      #expect(try await deployment.claims.http.account(account.key).body == account.closed(1).bytes)
    }

    @Test("are set aside when they are older or bad, and the log says why; lookups never see them")
    func setAside() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      let token = try account.token(5)
      try await claims.store(token, of: account)
      try await eventually("the file is written") { claims.file(of: account.key) == token.bytes }
      for (count, bytes) in [try account.token(1).bytes, Array("garbage".utf8), Array(token.bytes.dropLast(9))].enumerated() {
        try write(Token(bytes), to: claims.options, account.key)
        try await eventually("it is set aside, and the right one is back") {
          let served = try await claims.http.account(account.key).body
          #expect(served == token.bytes)
          return rejected(claims.options).count == count + 1 && claims.file(of: account.key) == token.bytes
        }
      }
      #expect(claims.log.contains("a file was set aside"))
      #expect(claims.log.contains("older than the stored claims"))
      #expect(rejected(claims.options).allSatisfy { !$0.hasSuffix(".jwt") })
    }

    @Test("come back when they are removed, all of them, with a line that names the delete command")
    func removed() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let accounts = try (0..<50).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try await claims.store(account.token(), of: account) }
      try await eventually("the files are written") { try await claims.metric("nats_claims_directory_lag_records") == 0 }
      for account in accounts { #expect(unlink("\(claims.options.directory ?? "")/\(account.key).jwt") == 0) }
      for account in accounts {
        let token = try account.token()
        try await eventually("the file is back") { claims.file(of: account.key) == token.bytes }
      }
      #expect(claims.log.contains("nats-claims delete"))
    }

    @Test("are found by a scan when the kernel dropped notices of them")
    func overflow() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      // A file that is written has two notices, and the kernel keeps 16,384: what is behind them is lost.
      let accounts = try (0..<9000).map { _ in try TestAccount(of: organisation) }
      claims.process.signal(SIGSTOP)
      for account in accounts { try write(account.token(), to: claims.options, account.key) }
      claims.process.signal(SIGCONT)
      try await eventually("all are served", within: 180) { try await claims.metric("nats_claims_accounts") == accounts.count + 1 }
      #expect(try await claims.http.account(accounts[8999].key).body == accounts[8999].token().bytes)
      #expect(rejected(claims.options).isEmpty)
    }

    @Test("are followed and never written by a read-only server, which refuses pushes and takes no lock")
    func readOnly() async throws {
      let organisation = try Organisation()
      let writer = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      try await writer.store(account.token(), of: account)
      try await eventually("the file is written") { writer.file(of: account.key) != nil }
      var options = writer.options
      options.extra = ["--read-only"]
      let reader = try await ServerUnderTest(options)
      #expect(try await reader.http.account(account.key).body == account.token().bytes)

      let refused = try await reader.http.push(account.token(3), to: account.key)
      #expect(refused.status == 405)
      #expect(refused.text.contains("only reads"))
      try await writer.store(account.token(1), of: account)
      let other = try TestAccount(of: organisation)
      try await writer.store(other.token(), of: other)
      try await eventually("the reader follows") {
        let (first, second) = (try await reader.http.account(account.key).body, try await reader.http.account(other.key).body)
        return try first == account.token(1).bytes && second == other.token().bytes
      }
      let claim = try organisation.authority.deletion(of: [other.key], iat: Organisation.now)
      #expect(try await writer.http.send("DELETE", HTTPClient.path(other.key), body: claim.bytes).status == 200)
      try await eventually("what is gone is not served") { try await reader.http.account(other.key).status == 404 }
      #expect(try await reader.stop() == .exited(0))
      #expect(try await writer.http.account(account.key).status == 200)
    }

    @Test("are announced by a read-only server as they change, and what lay there at its start is not", arguments: [true, false])
    func readOnlyAnnounces(_ hasState: Bool) async throws {
      let organisation = try Organisation()
      let server = try NATSServer(.newest, organisation, resolver: .memory([(organisation.systemAccount, organisation.systemToken)]))
      try await server.start()
      let watcher = try await Watcher(server, organisation)
      var options = try ServerUnderTest.Options(organisation).announcing(to: server, as: organisation.systemCredentials())
      options.extra = ["--read-only"] + (hasState ? ["--state", try Stage.required.newFolder("state")] : [])
      let directory = try #require(options.directory)
      let (account, other) = (try TestAccount(of: organisation), try TestAccount(of: organisation))
      func write(_ token: Token, _ account: TestAccount) throws {
        try Data(token.bytes).write(to: URL(filePath: "\(directory)/\(account.key).jwt"))
      }
      try write(account.token(), account)
      var claims = try await ServerUnderTest(options)
      try await claims.isConnected()
      try write(other.token(), other)
      try await watcher.hears(other.token(), of: other.key)
      // An older one, as a checkout of an earlier state brings it: the files are the truth.
      try write(account.token(-5), account)
      try await watcher.hears(account.token(-5), of: account.key)
      try FileManager.default.removeItem(atPath: "\(directory)/\(other.key).jwt")
      try await eventually("what is gone is not served") { try await claims.http.account(other.key).status == 404 }
      #expect(try watcher.count == 2)
      guard hasState else { return }
      #expect(try await claims.stop() == .exited(0))
      try write(account.token(7), account)
      claims = try await ServerUnderTest(options)
      try await watcher.hears(account.token(7), of: account.key)
      #expect(try watcher.count == 3)
    }

    @Test("may lie where nothing can be written: read-only, or with the state elsewhere")
    func stateElsewhere() async throws {
      let organisation = try Organisation()
      var options = try ServerUnderTest.Options(organisation)
      let state = try Stage.required.newFolder("state")
      options.extra = ["--state", state]
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      #expect(try await claims.stop() == .exited(0))
      #expect(try FileManager.default.contentsOfDirectory(atPath: options.directory ?? "").allSatisfy { $0.hasSuffix(".jwt") })
      #expect(FileManager.default.fileExists(atPath: "\(state)/log.sqlite"))
      let again = try await ServerUnderTest(options)
      #expect(try await again.http.push(account.token(-1), to: account.key).status == 409)
    }
  }
}
