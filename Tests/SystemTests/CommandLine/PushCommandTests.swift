import Claims
import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims push, list and delete")
  struct PushCommandTests {
    private struct Outcome: Decodable {
      let account: String
      let ok: Bool
      let status: Int
      let message: String
    }

    @Test("push takes a file, standard input, and a directory of nsc")
    func sources() async throws {
      let setup = try await LocalSetup()
      let (first, firstToken) = try await setup.newAccount("first")
      let (second, secondToken) = try await setup.newAccount("second")
      let (third, thirdToken) = try await setup.newAccount("third")
      let file = try Stage.required.file("account.jwt", firstToken.text + "\n")
      let result = try await setup.run("push", "--url", setup.url, file)
      #expect(result.ending == .exited(0))
      #expect(result.output == "\(first): stored\n")

      #expect(try await setup.run("push", "--url", setup.url, "-", input: secondToken.text).succeeded)

      let folder = try Stage.required.newFolder("accounts")
      for (name, text) in [("third/third.jwt", thirdToken.text), ("third/users/user.jwt", try await userToken(of: third, setup))] {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
      }
      let walked = try await setup.run("push", "--url", setup.url, folder)
      #expect(walked.ending == .exited(0), "\(walked.errors)")
      #expect(walked.output == "\(third): stored\n", "users' tokens are passed over")

      // A file that is named is not passed over in silence.
      let user = try await setup.run("push", "--url", setup.url, file, "\(folder)/third/users/user.jwt")
      #expect(user.ending == .exited(1))
      #expect(user.errors.contains("user.jwt"))

      for (key, token) in [(first, firstToken), (second, secondToken), (third, thirdToken)] {
        #expect(try await setup.claims.http.account(key).body == token.bytes)
      }
    }

    private func userToken(of account: AccountKey, _ setup: LocalSetup) async throws -> String {
      let path = try Stage.required.path("user.creds")
      #expect(try await setup.run("user", "create", "user", "--account", account.text, "--output", path).succeeded)
      return try Disk.text(path)
    }

    @Test("push exits with 1 when one token is refused, and says which and why")
    func refused() async throws {
      let setup = try await LocalSetup()
      let (key, token) = try await setup.newAccount("mine")
      let folder = try Stage.required.newFolder("mixed")
      try Data(token.bytes).write(to: URL(filePath: folder + "/a.jwt"))
      let stranger = try TestAccount(of: Organisation())
      try Data(stranger.token().bytes).write(to: URL(filePath: folder + "/b.jwt"))
      let result = try await setup.run("push", "--url", setup.url, folder)
      #expect(result.ending == .exited(1))
      #expect(result.output == "\(key): stored\n")
      #expect(result.errors.contains("b.jwt: untrusted issuer in request: "))
      #expect(result.errors.contains("1 of 2 tokens were refused"))
    }

    @Test("push --json prints an object for each token")
    func json() async throws {
      let setup = try await LocalSetup()
      let (key, token) = try await setup.newAccount("mine")
      let stranger = try TestAccount(of: Organisation())
      let result = try await setup.run("push", "--json", "--url", setup.url, "-", input: "\(token.text)\n\(try stranger.token().text)\n")
      #expect(result.ending == .exited(1))
      let outcomes = try result.lines.map { try JSONDecoder().decode(Outcome.self, from: Data($0.utf8)) }
      #expect(outcomes.map(\.account) == [key.text, stranger.key.text])
      #expect(outcomes.map(\.ok) == [true, false])
      #expect(outcomes.map(\.status) == [200, 400])
      #expect(outcomes[1].message.hasPrefix("untrusted issuer in request: "))
    }

    @Test("push says when nobody answers, or when there is nothing to push")
    func nothing() async throws {
      let setup = try await LocalSetup()
      let port = try ReservedPort()
      let (_, token) = try await setup.newAccount("mine")
      let start = ContinuousClock.now
      let unreachable = try await setup.run("push", "--url", "http://127.0.0.1:\(port.number)", "-", input: token.text)
      #expect(start.duration(to: .now) < .seconds(15), "a connection that is refused is not tried until the request's deadline")
      #expect(unreachable.ending == .exited(1))
      #expect(unreachable.errors.contains("http://127.0.0.1:\(port.number)/jwt/v1: the server cannot be reached"), "\(unreachable.errors)")
      let missing = try await setup.run("push", "--url", setup.url, "/nonexistent")
      #expect(missing.ending == .exited(1))
      #expect(missing.errors.contains("/nonexistent: there is no such file or directory"))
      #expect(try await setup.run("push").ending == .exited(64))
      #expect(try await setup.run("push", "--url", "localhost", "-").ending == .exited(1))
    }

    @Test("list prints every account, and --json an array")
    func list() async throws {
      struct Line: Decodable {
        let account: String
        let name: String
        let issuer: String
        let issued: Int64
      }
      let setup = try await LocalSetup()
      var keys: [String] = []
      for name in ["one", "two"] { keys.append(try await setup.storedAccount(name).key.text) }
      let text = try await setup.run("list", "--url", setup.url)
      #expect(text.ending == .exited(0))
      #expect(text.lines.count == 3)
      for key in keys { #expect(text.lines.contains { $0.hasPrefix(key) }) }
      let json = try await setup.run("list", "--json", "--url", setup.url)
      let lines = try JSONDecoder().decode([Line].self, from: Data(json.output.utf8))
      #expect(Set(lines.map(\.name)) == ["SYS", "one", "two"])
      #expect(lines.allSatisfy { $0.issuer.hasPrefix("O") && $0.issued > 0 })
    }

    @Test("names from tokens cannot steer the terminal, in list and in verify")
    func controlCharacters() async throws {
      let setup = try await LocalSetup()
      let (key, token) = try await setup.storedAccount("a\u{1B}[2Jb")
      let list = try await setup.run("list", "--url", setup.url)
      #expect(list.lines.contains { $0.hasPrefix("\(key)  a [2Jb  ") }, "\(list.output)")
      let verify = try await setup.run("verify", "-", input: token.text)
      #expect(verify.output.contains("account a [2Jb \(key)"), "\(verify.output)")
      for output in [list.output, verify.output] { #expect(!output.contains("\u{1B}")) }
    }

    @Test("delete removes an account with a claim that the operator's key signs, and only one that is there")
    func delete() async throws {
      let setup = try await LocalSetup()
      let key = try await setup.storedAccount("going").key
      let result = try await setup.run("delete", "--url", setup.url, key.text)
      #expect(result.ending == .exited(0), "\(result.errors)")
      #expect(result.output.contains("deleted \(key)"))
      #expect(try await setup.claims.http.account(key).status == 404)
      let again = try await setup.run("delete", "--url", setup.url, key.text)
      #expect(again.ending == .exited(1))
      #expect(!again.errors.isEmpty)
      let nonsense = try await setup.run("delete", "--url", setup.url, "nonsense")
      #expect(nonsense.ending == .exited(1))
    }

    @Test("account create with --subject and --connections closes an account")
    func closing() async throws {
      let setup = try await LocalSetup()
      let key = try await setup.storedAccount("closing").key
      let created = try await setup.run("account", "create", "closing", "--subject", key.text, "--connections", "0")
      let claims = try VerifiedClaims.decode(Token(try #require(created.lines.first))).claims
      #expect(claims.common.sub.text == key.text)
      #expect(claims.account?.limits.connections == .zero)
      #expect(try await setup.run("push", "--url", setup.url, "-", input: created.output).succeeded)
      #expect(try await setup.claims.http.account(key).text == created.lines.first)
    }
  }
}
