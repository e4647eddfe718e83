import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Testing

extension SystemTests {
  @Suite("a server that is killed")
  struct KillTests {
    private static let pushers = 4
    private static let isLong = ProcessInfo.processInfo.environment["NATS_CLAIMS_LONG"] == "1"

    @Test("under a load of pushes, 50 times over, serves every push that it acknowledged")
    func killedUnderLoad() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let ledger = Ledger()
      for _ in 0..<(Self.isLong ? 500 : 50) {
        let claims = try await ServerUnderTest(options)
        try await check(claims, ledger)
        try await load(claims, organisation, ledger, until: ledger.acknowledgements + .random(in: 1...60))
      }
      #expect(await ledger.acknowledgements > 50)

      let claims = try await ServerUnderTest(options)
      try await check(claims, ledger)
      #expect(try await claims.stop() == .exited(0))
      for account in await ledger.accounts {
        let file = try #require(claims.file(of: account), "there is no file of \(account)")
        #expect(await ledger.accepts(file, of: account))
      }
    }

    /// Every acknowledged push is served.
    private func check(_ claims: ServerUnderTest, _ ledger: Ledger) async throws {
      let connection = try await Connection(port: claims.port)
      for account in await ledger.accounts {
        try await connection.send(HTTPClient.request("GET", HTTPClient.path(account)))
        let answer = try #require(await connection.answer())
        #expect(answer.status == 200)
        #expect(await ledger.accepts(answer.body, of: account), "\(account): what is served was never acknowledged, or something newer was")
      }
    }

    /// Pushes from several clients, each to an account of its own, and kills the server when so many are acknowledged.
    private func load(_ claims: ServerUnderTest, _ organisation: Organisation, _ ledger: Ledger, until target: Int) async throws {
      var connections: [Connection] = []
      for _ in 0..<Self.pushers { connections.append(try await Connection(port: claims.port)) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for connection in connections {
          let account = try TestAccount(of: organisation)
          group.addTask { try await push(account, over: connection, claims, ledger, until: target) }
        }
        try await group.waitForAll()
      }
      #expect(await ledger.acknowledgements >= target, "the clients were cut off before the kill")
      #expect(try await claims.process.wait() == .signalled(SIGKILL), "the server ended by itself")
    }

    private func push(_ account: TestAccount, over connection: Connection, _ claims: ServerUnderTest, _ ledger: Ledger, until target: Int)
      async throws
    {
      for number in Int64(0)... {
        let token = try account.token(number / 10, name: "\(number)")
        await ledger.sends(token, of: account.key)
        guard try await connection.send(HTTPClient.request("POST", HTTPClient.path(account.key), body: token.bytes)),
          let answer = try await connection.answer()
        else { return }
        #expect(answer.status == 200, "\(answer.text)")
        await ledger.acknowledged(token, of: account.key)
        if await ledger.acknowledgements >= target { claims.process.signal(SIGKILL) }
      }
    }

    @Test("starts again at once, with the same claims")
    func startsAgain() async throws {
      let organisation = try Organisation()
      let port = try ReservedPort()
      var options = try ServerUnderTest.Options(organisation)
      options.reserved = port
      let account = try TestAccount(of: organisation)
      for second in Int64(0)..<5 {
        let claims = try await ServerUnderTest(options)
        try await claims.store(account.token(second), of: account)
        try await claims.kill()
      }
      let claims = try await ServerUnderTest(options)
      #expect(try await claims.http.account(account.key).body == account.token(4).bytes)
    }

    @Test("brings the .jwt files up to the log at its next start")
    func filesCatchUp() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      var claims = try await ServerUnderTest(options)
      let accounts = try (0..<40).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try await claims.store(account.token(), of: account) }
      try await claims.kill()
      claims = try await ServerUnderTest(options)
      for account in accounts {
        let token = try account.token()
        try await eventually("the file of \(account.key)") { claims.file(of: account.key) == token.bytes }
      }
      try await eventually("no file is behind") { try await claims.metric("nats_claims_directory_lag_records") == 0 }
    }

    @Test("leaves no half-written file beside the claims")
    func nothingHalfWritten() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let account = try TestAccount(of: organisation)
      for second in Int64(0)..<10 {
        let claims = try await ServerUnderTest(options)
        for name in 0..<3 { try await claims.store(account.token(second, name: "\(name)"), of: account) }
        try await claims.kill()
        if let bytes = claims.file(of: account.key) { #expect(throws: Never.self) { try VerifiedClaims.decode(Token(bytes)) } }
      }
      let claims = try await ServerUnderTest(options)
      #expect(try await claims.stop() == .exited(0))
      let names = try FileManager.default.contentsOfDirectory(atPath: options.directory ?? "")
      #expect(Set(names) == [".nats-claims", "\(account.key).jwt", "\(organisation.systemAccount).jwt"])
    }
  }
}
