import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("serve without options, in an empty folder")
  struct EmbeddedDefaultTests {
    /// What the server printed for a newcomer.
    private struct Welcome {
      /// What to paste into a nats-server's configuration.
      let configuration: String
      let push: String
      let lookups: [String]

      init(_ output: String) throws {
        let parts = output.components(separatedBy: "\n")
        func lines(after start: String, before end: String) throws -> [String] {
          let first = try #require(parts.firstIndex { $0.hasPrefix(start) }, "\(output)")
          let last = try #require(parts[first...].firstIndex { $0.hasPrefix(end) }, "\(output)")
          return parts[(first + 1)..<last].map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }
        configuration = try lines(after: "1. ", before: "2. ").joined(separator: "\n")
        push = try #require(lines(after: "2. ", before: "3. ").first)
        lookups = try lines(after: "3. ", before: "The system user's creds")
      }
    }

    private func start(announcingTo port: ReservedPort? = nil) async throws -> (claims: ServerUnderTest, folder: String, welcome: Welcome) {
      var options = ServerUnderTest.Options()
      let folder = try Stage.required.newFolder("empty")
      options.folder = folder
      if let port { options.nats = ["nats://127.0.0.1:\(port.number)"] }
      let claims = try await ServerUnderTest(options)
      return (claims, folder, try Welcome(claims.process.output))
    }

    @Test("makes store/ and keys/, is ready, and starts again with the same operator")
    func makesItself() async throws {
      let (claims, folder, _) = try await start()
      #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == ["store", "keys"])
      #expect(try await claims.http.get("/readyz").status == 200)
      let before = try Disk.text(folder + "/keys/operator.jwt")
      let served = try await claims.http.get("/jwt/v1/operator").text
      #expect(served == before.trimmingCharacters(in: .newlines))
      #expect(try await claims.stop() == .exited(0))
      var options = ServerUnderTest.Options()
      options.folder = folder
      let again = try await ServerUnderTest(options)
      #expect(try await again.http.get("/jwt/v1/operator").text == served)
    }

    @Test("prints a push and lookups that work as they are")
    func printedCommands() async throws {
      let (claims, folder, welcome) = try await start()
      let pushed = try await Command.shell(welcome.push, folder: folder)
      #expect(pushed.ending == .exited(0), "\(welcome.push): \(pushed.errors)")
      let key = try #require(pushed.lines.first?.split(separator: ":").first).description
      #expect(try await claims.http.account(AccountKey(key)).status == 200)
      #expect(!welcome.lookups.isEmpty)
      for lookup in welcome.lookups {
        let result = try await Command.shell(lookup.replacingOccurrences(of: "KEY", with: key), folder: folder)
        #expect(result.ending == .exited(0), "\(lookup): \(result.errors)")
        #expect(result.output.contains(key), "\(lookup): \(result.output)")
      }
    }

    @Test("prints a configuration with which a nats-server starts and lets clients in", arguments: NATSServerVersion.allCases)
    func printedConfiguration(_ version: NATSServerVersion) async throws {
      let (_, folder, welcome) = try await start()
      let server = try NATSServer(version, configuration: welcome.configuration)
      try await server.start()
      let pushed = try await Command.shell(welcome.push, folder: folder)
      let key = try #require(pushed.lines.first?.split(separator: ":").first, "\(pushed.errors)").description
      let credentials = try await credentials(of: key, folder)
      #expect(try await NATSClient.refusal(by: server, credentials: credentials) == nil)
      #expect(try await NATSClient.refusal(by: server, credentials: folder + "/keys/creds/local/SYS/sys.creds") == nil)
    }

    @Test("announces to a nats-server that is started later with that configuration", arguments: NATSServerVersion.allCases)
    func announces(_ version: NATSServerVersion) async throws {
      let port = try ReservedPort()
      let (claims, folder, welcome) = try await start(announcingTo: port)
      let server = try NATSServer(version, configuration: welcome.configuration, port: port)
      try await server.start()
      try await claims.isConnected()
      let pushed = try await Command.shell(welcome.push, folder: folder)
      let key = try #require(pushed.lines.first?.split(separator: ":").first, "\(pushed.errors)").description
      let client = try await NATSClient(server, credentials: credentials(of: key, folder))
      let closing = welcome.push.replacingOccurrences(of: "create first", with: "create first --subject \(key) --connections 0")
      #expect(try await Command.shell(closing, folder: folder).ending == .exited(0))
      try await eventually("the client is dropped") { try client.farewell != nil }
    }

    /// Creds of a new user of an account that the printed command made.
    private func credentials(of account: String, _ folder: String) async throws -> String {
      let file = try Stage.required.path("user.creds")
      let made = try await Command.claims("user", "create", "app", "--account", account, "--output", file, folder: folder)
      #expect(made.ending == .exited(0), "\(made.errors)")
      #expect(try Disk.mode(file) == 0o600)
      return file
    }
  }
}
