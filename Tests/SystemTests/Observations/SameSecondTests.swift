import Claims
import ClaimsTestSupport
import Foundation
import Testing

extension SystemTests.ObservationTests {
  @Suite("5: two stores with a push in the same second")
  struct SameSecondTests {
    @Test("serve the same token as soon as they hear of each other, and so does the nats-server", arguments: NATSServerVersion.allCases)
    func apart(_ version: NATSServerVersion) async throws {
      let twins = try await Twins(version)
      let auditor = try await Auditor(twins.server, twins.organisation)
      let account = try TestAccount(of: twins.organisation)
      try await twins.first.store(account.token(), of: account)
      try await twins.serve(account.token(), of: account.key)
      _ = try await NATSClient(twins.server, credentials: account.credentials())
      let listener = try await twins.listener()
      for second in Int64(1)...3 {
        twins.server.pause()
        try await push(second, of: account, to: twins)
        twins.server.resume()
        try await agree(second, of: account, twins, listener) { try await auditor.holding(of: account.key) }
      }
    }

    @Test("agree also when the nats-server was down meanwhile, and after they were started again", arguments: NATSServerVersion.allCases)
    func down(_ version: NATSServerVersion) async throws {
      let twins = try await Twins(version)
      let account = try TestAccount(of: twins.organisation)
      try await twins.server.kill()
      try await push(1, of: account, to: twins)
      try await twins.server.start()
      let token = try await agree(1, of: account, twins, twins.listener())
      for twin in twins.both { _ = try await twin.stop() }
      let first = try await ServerUnderTest(twins.first.options)
      let second = try await ServerUnderTest(twins.second.options)
      let listener = try await twins.listener()
      #expect(try await listener.questions(during: 8) == 0)
      for twin in [first, second] { #expect(try await twin.http.account(account.key).body == token.bytes) }
    }

    private func push(_ second: Int64, of account: TestAccount, to twins: Twins) async throws {
      try await twins.first.store(account.token(second, name: "one"), of: account)
      try await twins.second.store(account.token(second, name: "two"), of: account)
    }

    /// Waits until all have one of the two tokens, and looks that they stay with it.
    @discardableResult
    private func agree(
      _ second: Int64, of account: TestAccount, _ twins: Twins, _ listener: Twins.Listener, _ held: () async throws -> Token? = { nil }
    ) async throws -> Token {
      var served: Set<[UInt8]> = []
      func all() async throws -> Set<[UInt8]> {
        var all: Set<[UInt8]> = []
        for twin in twins.both { all.insert(try await twin.http.account(account.key).body) }
        if let held = try await held() { all.insert(held.bytes) }
        return all
      }
      try await eventually("all have the same token") {
        served = try await all()
        return served.count == 1
      }
      let questions = try await listener.questions(during: 12)
      let afterwards = try await all()
      #expect(afterwards.count == 1)
      #expect(questions <= 2, "the hashes are the same: at most what was under way is asked")
      let tokens = try ["one", "two"].map { try account.token(second, name: $0) }
      let token = try #require(tokens.first { [$0.bytes] == afterwards })
      return token
    }
  }
}
