import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension SystemTests {
  @Suite("a server that is killed at random moments")
  struct CrashTests {
    private static let isLong = ProcessInfo.processInfo.environment["NATS_CLAIMS_LONG"] == "1"
    private static let rounds = isLong ? 2000 : 100

    @Test(
      "under pushes, deletions and changes of its files keeps every acknowledged change, an unbroken chain and the newest files",
      .timeLimit(.minutes(isLong ? 120 : 10)))
    func campaign() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let ledger = Ledger()
      var accounts: [CrashAccount] = []
      for round in 0..<Self.rounds {
        // Accounts are given up after a while, so that their tokens' times do not run ahead of the clock; what they held is looked at to the end.
        if round % 25 == 0 { accounts = try (0..<6).map { _ in try CrashAccount(of: organisation, options, ledger) } }
        if Int.random(in: 0..<5) == 0 { try await killEarly(options) }
        let claims = try await ServerUnderTest(options)
        try await check(claims, ledger, accounts.map(\.key))
        try await load(claims, accounts)
      }
      #expect(await ledger.acknowledgements > Self.rounds)

      let claims = try await ServerUnderTest(options)
      try await check(claims, ledger, ledger.accounts)
      #expect(try await claims.stop() == .exited(0))
      try await checkAtRest(options, organisation, ledger)
    }

    /// Kills a server while it starts.
    private func killEarly(_ options: ServerUnderTest.Options) async throws {
      let process = try ServerUnderTest.launch(options)
      // The moment of the kill, which is the random part of the round.
      try await Task.sleep(for: .milliseconds(.random(in: 1...200)))
      process.signal(SIGKILL)
      try await process.wait()
    }

    /// Changes every account, each one after the other, and kills the server in the midst of it.
    private func load(_ claims: ServerUnderTest, _ accounts: [CrashAccount]) async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for account in accounts {
          group.addTask {
            let connection = try await Connection(port: claims.port)
            while try await account.change(over: connection) {}
          }
        }
        group.addTask {
          // As above.
          try await Task.sleep(for: .milliseconds(.random(in: 1...250)))
          claims.process.signal(SIGKILL)
        }
        try await group.waitForAll()
      }
      #expect(try await claims.process.wait() == .signalled(SIGKILL), "the server ended by itself: \(claims.log.suffix(1000))")
    }

    /// What is served and what the files hold settles at something that was acknowledged, or begun after it.
    private func check(_ claims: ServerUnderTest, _ ledger: Ledger, _ accounts: [AccountKey]) async throws {
      let connection = try await Connection(port: claims.port)
      for account in accounts {
        var served = Ledger.Holding.nothing
        var file = Ledger.Holding.nothing
        // A file that was copied in may be taken at any moment, so both are looked at until they agree.
        try await eventually("the file of \(account), \(file), is what is served, \(served)") {
          try await connection.send(HTTPClient.request("GET", HTTPClient.path(account)))
          guard let answer = try await connection.answer() else { throw SetupError("no answer") }
          served = answer.status == 200 ? .token(Token(answer.body)) : .nothing
          guard await ledger.allows(served, of: account) else { return true }
          file = claims.file(of: account).map { .token(Token($0)) } ?? .nothing
          return file == served
        }
        let expected = await ledger.expected(of: account)
        #expect(await ledger.settles(served, of: account), "\(account): \(served) is held, but \(expected)")
      }
    }

    /// After a graceful stop: the directory holds the newest token of every account and nothing else, and the chain is whole.
    private func checkAtRest(_ options: ServerUnderTest.Options, _ organisation: Organisation, _ ledger: Ledger) async throws {
      let path = try #require(options.directory)
      let log = try SQLiteChangeLog(path: "\(path)/.nats-claims/log.sqlite")
      let records = try await ChainCheck.records(of: log)
      try log.close()
      var newest: [AccountKey: Change] = [:]
      var marks: [AccountKey: Int64] = [:]
      for record in records {
        let change = record.change
        #expect(change.iat >= marks[change.subject] ?? .min, "the mark of \(change.subject) shrank")
        marks[change.subject] = change.iat
        newest[change.subject] = change
      }
      var files: [String: Token] = [:]
      for file in try TokenDirectory(path: path, layout: .flat).files() {
        files[file.name] = Token(try TokenDirectory(path: path, layout: .flat).read(file))
      }
      let live = newest.filter { $0.value.kind != .delete }
      #expect(files == Dictionary(uniqueKeysWithValues: live.map { ($0.key.text, $0.value.token ?? Token("")) }))
      #expect(live[organisation.systemAccount] != nil)
      for account in await ledger.accounts {
        #expect(await ledger.allows(files[account.text].map { .token($0) } ?? .nothing, of: account))
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".tmp") }
      #expect(left.isEmpty)
    }
  }
}
