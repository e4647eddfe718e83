import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("a directory that another tool wrote")
  struct AdoptionTests {
    private static let fixtures = Tool.root.appending(path: "Tests/Fixtures")

    /// A copy of a directory of nats-account-server, with the operator that signed its claims.
    private struct PeerDirectory {
      let path: String
      let options: ServerUnderTest.Options
      /// The token of each account.
      let tokens: [AccountKey: [UInt8]]

      init(_ layout: String) throws {
        path = try Stage.required.path("peer")
        try FileManager.default.copyItem(
          atPath: fixtures.appending(path: "peer-directory/\(layout)").path(percentEncoded: false), toPath: path)
        var options = ServerUnderTest.Options()
        options.directory = path
        options.operatorFiles = [fixtures.appending(path: "operator.jwt").path(percentEncoded: false)]
        self.options = options
        tokens = try Dictionary(
          uniqueKeysWithValues: Self.files(in: path).map { name, bytes in
            (try AccountKey(((name as NSString).lastPathComponent as NSString).deletingPathExtension), bytes)
          })
      }

      /// Every file but our own state, with its bytes.
      static func files(in path: String) throws -> [String: [UInt8]] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).filter { !$0.hasPrefix(".nats-claims") }
        return Dictionary(
          uniqueKeysWithValues: names.compactMap { name in
            guard name.hasSuffix(".jwt") else { return nil }
            return FileManager.default.contents(atPath: "\(path)/\(name)").map { (name, Array($0)) }
          })
      }
    }

    /// The lines of the README's walk-through, with the paths of a test in place of those that it names.
    private static func walkThrough(directory: String, configuration: String) throws -> [String] {
      let readme = try Repository.text("README.md")
      let section = try #require(readme.components(separatedBy: "\n## ").first { $0.hasPrefix("Coming from nats-account-server") })
      let blocks = section.components(separatedBy: "```\n").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      return blocks.flatMap { $0.split(separator: "\n") }.map { line in
        String(line).replacing("/var/lib/jwt", with: directory).replacing("nas.conf", with: configuration)
      }
    }

    @Test("and its configuration are taken over and given back by the lines of the README", arguments: ["flat", "sharded"])
    func walkThrough(_ layout: String) async throws {
      let peer = try PeerDirectory(layout)
      let before = try FileManager.default.subpathsOfDirectory(atPath: peer.path).sorted()
      let text = """
        {
          OperatorJWTPath: '\(peer.options.operatorFiles[0])',
          http { host: localhost, port: 9090, readtimeout: 5000 }
          Store: { dir: '\(peer.path)', shard: \(layout == "sharded"), cleanupinterval: 0 }
          logging { time: true, debug: false }
        }
        """
      let file = try Stage.required.file("nas.conf", text)
      let folder = try Stage.required.newFolder("elsewhere")
      var served: ServerUnderTest?
      var done = 0
      for line in try Self.walkThrough(directory: peer.path, configuration: file) {
        switch line {
        case "systemctl stop nats-account-server", "nats-account-server -c \(file)":
          // The peer is not here: what it left is the fixture, what it would find is looked at below.
          break
        case "nats-claims serve -c \(file)":
          var options = ServerUnderTest.Options()
          options.extra = ["-c", file]
          options.folder = folder
          served = try await ServerUnderTest(options)
          for (account, bytes) in peer.tokens { #expect(try await served?.http.account(account).body == bytes) }
        case "systemctl stop nats-claims":
          #expect(try await served?.stop() == .exited(0))
        default:
          let result = try await Command.shell(line, folder: folder)
          #expect(result.succeeded, "\(line): \(result.errors)")
          if line.contains("doctor") { #expect(result.output.contains("4 accounts would be served"), "\(result.output)") }
          if line.contains("check-config") { #expect(result.output.contains("store.dir: \(peer.path)"), "\(result.output)") }
        }
        done += 1
      }
      #expect(done == 8)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: peer.path).sorted() == before)
      let after = try PeerDirectory.files(in: peer.path)
      #expect(after.count == 4)
      for (name, bytes) in after {
        let account = try AccountKey(((name as NSString).lastPathComponent as NSString).deletingPathExtension)
        #expect(bytes == peer.tokens[account])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test("is served as it is, byte for byte, and no file is changed", arguments: ["flat", "sharded"], [false, true])
    func servedAsItIs(_ layout: String, isSharded: Bool) async throws {
      let peer = try PeerDirectory(layout)
      let files = try PeerDirectory.files(in: peer.path)
      #expect(peer.tokens.count == 4)
      var options = peer.options
      if isSharded { options.extra = ["--sharded"] }
      let claims = try await ServerUnderTest(options)
      for (account, bytes) in peer.tokens {
        let answer = try await claims.http.account(account)
        #expect(answer.status == 200)
        #expect(answer.body == bytes)
      }
      let readiness = try await claims.http.get("/readyz")
      #expect(readiness.status == 200)
      #expect(readiness.text.contains("\"accounts\" : 4"))
      #expect(!readiness.text.contains("damaged_files"))
      #expect(try await claims.stop() == .exited(0))
      #expect(try PeerDirectory.files(in: peer.path) == files)
    }

    @Test("is served again after a kill -9 during its first start")
    func killedDuringAdoption() async throws {
      let peer = try PeerDirectory("flat")
      for _ in 0..<5 {
        let process = try ServerUnderTest.launch(peer.options)
        try await eventually("the log is begun") {
          process.ending != nil || FileManager.default.fileExists(atPath: "\(peer.path)/.nats-claims/log.sqlite")
        }
        try await process.end()
      }
      let claims = try await ServerUnderTest(peer.options)
      for (account, bytes) in peer.tokens { #expect(try await claims.http.account(account).body == bytes) }
    }

    @Test("may hold what is no claims of an account: it stays, is not served and is named")
    func damagedFiles() async throws {
      let peer = try PeerDirectory("flat")
      let (account, bytes) = try #require(peer.tokens.first)
      let other = try TestAccount(of: Organisation())
      let misnamed = "\(other.key).jwt"
      let garbage = "garbage.jwt"
      try Data(bytes).write(to: URL(filePath: "\(peer.path)/\(misnamed)"))
      try Data("garbage".utf8).write(to: URL(filePath: "\(peer.path)/\(garbage)"))
      let claims = try await ServerUnderTest(peer.options)
      #expect(try await claims.http.account(account).body == bytes)
      #expect(try await claims.http.account(other.key).status == 404)
      let readiness = try await claims.http.get("/readyz")
      #expect(readiness.status == 200)
      #expect(readiness.text.contains(misnamed) && readiness.text.contains(garbage))
      #expect(!readiness.text.contains(peer.path))
      #expect(claims.log.contains(misnamed) && claims.log.contains(garbage))
      #expect(FileManager.default.contents(atPath: "\(peer.path)/\(garbage)") == Data("garbage".utf8))
    }

    @Test("keeps its layout when claims change: sharded with --sharded, flat without", arguments: [false, true])
    func layout(isSharded: Bool) async throws {
      let organisation = try Organisation()
      var options = try ServerUnderTest.Options(organisation)
      if isSharded { options.extra = ["--sharded"] }
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      let folder = isSharded ? "\(options.directory ?? "")/\(account.key.text.suffix(2))" : options.directory ?? ""
      let token = try account.token()
      try await eventually("the file is written") {
        FileManager.default.contents(atPath: "\(folder)/\(account.key).jwt") == Data(token.bytes)
      }
    }
  }
}
