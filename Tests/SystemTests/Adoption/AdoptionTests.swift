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
