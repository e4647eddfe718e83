import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import TestSupport
import Testing

extension SystemTests {
  @Suite("a server that starts and stops")
  struct StopTests {
    @Test("refuses a directory that another server holds, and names its process")
    func secondServer() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let first = try await ServerUnderTest(options)
      let second = try ServerUnderTest.launch(options)
      #expect(try await second.wait() == .exited(1))
      #expect(second.errors.contains("another server (process \(first.process.identifier)) holds this directory"), "\(second.errors)")
      #expect(!second.output.contains("listens on"))
      let account = try TestAccount(of: organisation)
      try await first.store(account.token(), of: account)
    }

    @Test("finishes an open request on SIGTERM, writes the files, and exits with 0")
    func openRequest() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      let token = try account.token()
      let connection = try await Connection(port: claims.port)
      let request = HTTPClient.request("POST", HTTPClient.path(account.key), ["Expect": "100-continue"], body: token.bytes)
      let half = request.count - token.bytes.count / 2
      try await connection.send(Array(request[..<half]))
      #expect(try await connection.answer()?.status == 100, "the request is open")
      claims.process.signal(SIGTERM)
      try await eventually("nobody else is let in") {
        do {
          return try await Connection(port: claims.port).receive(within: 0.01) == .closed
        } catch {
          return true
        }
      }
      #expect(claims.process.ending == nil)
      try await connection.send(Array(request[half...]))
      #expect(try await connection.answer()?.status == 200)
      #expect(try await claims.process.wait() == .exited(0))
      #expect(claims.file(of: account.key) == token.bytes)
    }

    @Test("is not held up for ever by a client that never ends its request")
    func endlessRequest() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      let connection = try await Connection(port: claims.port)
      try await connection.send(
        "POST \(HTTPClient.path(account.key)) HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n")
      #expect(try await connection.answer()?.status == 100, "the request is open")
      #expect(try await claims.stop() == .exited(0))
    }

    @Test("stops on SIGTERM and SIGINT with everything in the files", arguments: [SIGTERM, SIGINT])
    func stops(_ signal: Int32) async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let accounts = try (0..<20).map { _ in try TestAccount(of: organisation) }
      for account in accounts { try await claims.store(account.token(), of: account) }
      claims.process.signal(signal)
      #expect(try await claims.process.wait() == .exited(0))
      for account in accounts { #expect(try claims.file(of: account.key) == account.token().bytes) }
    }

    @Test("says what is wrong with an operator file, a directory or an address that cannot be used")
    func unusable() async throws {
      let organisation = try Organisation()
      let file = try Stage.required.file("not-an-operator.jwt", organisation.systemToken.text)
      let directory = try organisation.directory()
      let good = ["serve", "-hp", "127.0.0.1:0", "-operator", organisation.operatorFile]
      let cases: [([String], String)] = [
        (["serve", "-hp", "127.0.0.1:0", "-dir", directory, "-operator", file], "an operator token is expected"),
        (["serve", "-hp", "127.0.0.1:0", "-dir", directory, "-operator", "/nonexistent.jwt"], "/nonexistent.jwt cannot be read"),
        (good + ["-dir", organisation.operatorFile], organisation.operatorFile),
        (["serve", "-hp", "127.0.0.1", "-dir", directory], "127.0.0.1"),
      ]
      for (arguments, text) in cases {
        let result = try await Command(tool: .claims, arguments: arguments).run()
        #expect(!result.succeeded)
        #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
      }
    }

    @Test("says which address is taken")
    func takenAddress() async throws {
      let organisation = try Organisation()
      let first = try await ServerUnderTest(organisation)
      let arguments = [
        "serve", "-hp", "127.0.0.1:\(first.port)", "-dir", try organisation.directory(), "-operator", organisation.operatorFile,
      ]
      let result = try await Command(tool: .claims, arguments: arguments).run()
      #expect(result.ending == .exited(1))
      #expect(result.errors.contains("\(first.port)"), "\(result.errors)")
    }
  }
}
