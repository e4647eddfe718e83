import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims serve, the command")
  struct ServeCommandTests {
    @Test(
      "a nats-server that can never be reached is refused before anything is made",
      arguments: ["http://foo", ",,", "nats://127.0.0.1:0", "nats://127.0.0.1:4222,nats://"])
    func natsServers(_ nats: String) async throws {
      let folder = try Stage.required.newFolder("empty")
      let result = try await Command.claims("serve", "-hp", "127.0.0.1:0", "-nats", nats, folder: folder)
      #expect(result.ending == .exited(1))
      #expect(result.errors.contains("-nats: "), "\(result.errors)")
      #expect(try Disk.paths(below: folder).isEmpty)
    }

    @Test("a clock tolerance that is none, or beyond reckoning, is refused", arguments: ["-1", "31536001", "9223372036854775807"])
    func clockTolerance(_ seconds: String) async throws {
      let folder = try Stage.required.newFolder("empty")
      let result = try await Command.claims("serve", "-hp", "127.0.0.1:0", "--clock-tolerance=\(seconds)", folder: folder)
      #expect(!result.succeeded && result.errors.contains("--clock-tolerance takes a number of seconds"), "\(result.errors)")
      #expect(try Disk.paths(below: folder).isEmpty)
    }

    @Test("a host that is unknown is named")
    func unknownHost() async throws {
      let folder = try Stage.required.newFolder("empty")
      let result = try await Command.claims("serve", "-hp", "no-host.invalid:1", folder: folder)
      #expect(result.ending == .exited(1))
      #expect(result.errors.contains("the server cannot listen on no-host.invalid:1: the host no-host.invalid"), "\(result.errors)")
    }

    @Test("a place of the administration door that is taken is named")
    func takenSocket() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let directory = try #require(options.directory)
      try FileManager.default.createDirectory(atPath: "\(directory)/.nats-claims/admin.sock", withIntermediateDirectories: true)
      let result = try await Command.claims("serve", "-hp", "127.0.0.1:0", "-dir", directory, "-operator", organisation.operatorFile)
      #expect(result.ending == .exited(1))
      #expect(result.errors.contains("administration door"), "\(result.errors)")
      #expect(result.errors.contains("\(directory)/.nats-claims/admin.sock"), "\(result.errors)")
    }

    @Test("the process leaves no memory dump, in which keys would lie")
    func noCore() async throws {
      let setup = try await LocalSetup()
      let limits = try Disk.text("/proc/\(setup.claims.process.identifier)/limits")
      let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
      #expect(line.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
    }
  }
}
