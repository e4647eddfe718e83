import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims show and verify")
  struct ShowCommandTests {
    @Test("show reads a URL, a file, standard input and an account's key, and says the same of each")
    func sources() async throws {
      let setup = try await LocalSetup()
      let (key, token) = try await setup.storedAccount("shown")
      let file = try Stage.required.file("account.jwt", token.text + "\n")
      let expected = try DecodedView.describe(token) + "\n"
      let path = HTTPClient.path(key)
      for arguments in [[setup.url + path], [file], ["-"], [key.text, "--url", setup.url]] {
        let result = try await Command(tool: .claims, arguments: ["show"] + arguments, input: token.text).run()
        #expect(result.ending == .exited(0), "\(arguments): \(result.errors)")
        #expect(result.output == expected)
      }
      let served = try await setup.claims.http.get(path + "?decode=true").text
      #expect(served.trimmingCharacters(in: .newlines) == expected.trimmingCharacters(in: .newlines))
    }

    @Test("show --json prints the claims", arguments: ["url", "file", "-"])
    func json(_ source: String) async throws {
      struct Shown: Decodable {
        let sub: String
        let name: String
      }
      let setup = try await LocalSetup()
      let (key, token) = try await setup.storedAccount("shown")
      let argument =
        switch source {
        case "url": setup.url + HTTPClient.path(key)
        case "file": try Stage.required.file("account.jwt", token.text)
        default: source
        }
      let result = try await setup.run("show", "--json", argument, input: token.text)
      #expect(result.ending == .exited(0))
      let shown = try JSONDecoder().decode(Shown.self, from: Data(result.output.utf8))
      #expect(shown.sub == key.text && shown.name == "shown")
    }

    @Test("show says what it cannot show")
    func nothingToShow() async throws {
      let setup = try await LocalSetup()
      let unknown = try TestAccount(of: Organisation()).key
      for (arguments, text) in [
        ([unknown.text, "--url", setup.url], "no matching account JWT"), ([setup.url + HTTPClient.path(unknown)], "404"),
        (["/nonexistent"], "there is no such file"), (["-"], "-:"),
      ] {
        let result = try await Command(tool: .claims, arguments: ["show"] + arguments, input: "garbage").run()
        #expect(result.ending == .exited(1))
        #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
        #expect(result.output.isEmpty)
      }
    }

    /// What `verify --json` says of a token.
    private struct Judgement: Decodable {
      struct Issue: Decodable {
        let level: String
        let blocking: Bool
        let description: String
      }

      let ok: Bool
      let error: String
      let type: String?
      let subject: String?
      let exp: Int64?
      let issues: [Issue]
    }

    private func verified(_ tokens: [Token], _ options: String...) async throws -> (result: Command.Result, judgements: [Judgement]) {
      let input = tokens.map(\.text).joined(separator: "\n")
      let result = try await Command(tool: .claims, arguments: ["verify", "--json"] + options + ["-"], input: input).run()
      return (result, try result.lines.map { try JSONDecoder().decode(Judgement.self, from: Data($0.utf8)) })
    }

    @Test("verify passes good tokens and exits with 0")
    func good() async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let tokens = [try account.token(), organisation.systemToken, organisation.authority.token]
      let (result, judgements) = try await verified(tokens)
      #expect(result.ending == .exited(0))
      #expect(judgements.map(\.ok) == [true, true, true])
      #expect(judgements.map(\.type) == ["account", "account", "operator"])
      #expect(judgements[0].subject == account.key.text)
      let people = try await Command.claims("verify", "-", input: tokens.map(\.text).joined(separator: "\n"))
      #expect(people.ending == .exited(0))
      #expect(people.lines.filter { $0.hasPrefix("pass  ") }.count == 3)
    }

    @Test("verify finds forged, damaged and expired tokens, a line for each in the order of the input, and exits with 1")
    func bad() async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let parts = try account.token(1).text.split(separator: ".")
      let others = try account.token(2).text.split(separator: ".")
      let expired = try account.token(3) { $0.common.exp = Organisation.now - 10 }
      let tokens = [try account.token(), Token("\(parts[0]).\(parts[1]).\(others[2])"), Token("garbage"), expired]
      let (result, judgements) = try await verified(tokens)
      #expect(result.ending == .exited(1))
      #expect(judgements.map(\.ok) == [true, false, false, true])
      #expect(judgements.map(\.error.isEmpty) == [true, false, false, true])
      #expect(judgements[3].issues.contains { $0.level == "time" || $0.description.contains("expired") })
      let people = try await Command.claims("verify", "-", input: tokens.map(\.text).joined(separator: "\n"))
      #expect(people.ending == .exited(1))
      #expect(people.lines.filter { $0.hasPrefix("FAIL  ") }.count == 3)
      #expect(people.errors.contains("3 of 4 tokens do not pass"))
    }

    @Test("verify names every strictness rule that a token breaks")
    func strictness() async throws {
      let weakKey = "AAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAARSZ"
      let token = try TestAccount(of: Organisation()).token { $0.signingKeys.add(KeyReference(weakKey)) }
      // 64 bytes leave four unused bits in the last character.
      let loose = Token(token.bytes.dropLast() + [token.bytes.last.map { $0 + 1 } ?? 0])
      let (result, judgements) = try await verified([loose])
      #expect(result.ending == .exited(1))
      #expect(judgements.map(\.error) == ["strictness: weak-key: signing key; strictness: loose-base64: at the end of the signature"])
      let people = try await Command.claims("verify", "-", input: loose.text)
      for rule in ["weak-key", "loose-base64"] {
        #expect(people.lines.contains { $0.hasPrefix("      strictness: \(rule): ") }, "\(people.output)")
      }
    }

    @Test("verify works on all cores and answers in the order of the input")
    func order() async throws {
      let token = try TestAccount(of: Organisation()).token()
      let tokens = (0..<2000).map { $0 % 7 == 0 ? token : Token("garbage \($0)") }
      let (result, judgements) = try await verified(tokens)
      #expect(result.ending == .exited(1))
      #expect(judgements.map(\.ok) == (0..<2000).map { $0 % 7 == 0 })
    }

    @Test("verify shows its progress where a person looks")
    func progress() async throws {
      let tokens = try Stage.required.file("tokens", (0..<1000).map { "garbage \($0)\n" }.joined())
      let line = "script -qec 'nats-claims verify \(tokens) > /dev/null' /dev/null"
      let result = try await Command.shell(line, folder: Stage.required.newFolder("terminal"))
      #expect(result.output.contains("[########################################] 1000 of 1000"), "\(result.output.suffix(500))")
    }

    @Test("a line with a marker among tokens is one bad line, and leaves the others theirs")
    func markerAmongTokens() async throws {
      let account = try TestAccount(of: Organisation())
      let tokens = [try account.token(1), Token("-----BEGIN NATS USER JWT-----"), try account.token(2)]
      #expect(try await verified(tokens).judgements.map(\.ok) == [true, false, true])
    }

    @Test("verify with an operator, from a file or from a server, refuses accounts that others signed")
    func trusted() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let ours = try TestAccount(of: organisation)
      let theirs = try TestAccount(of: Organisation())
      for options in [
        ["--operator", organisation.operatorFile], ["-operator", organisation.operatorFile], ["--url", "http://127.0.0.1:\(claims.port)"],
      ] {
        for (account, passes) in [(ours, true), (theirs, false)] {
          let file = try Stage.required.file("account.jwt", account.token().text)
          let result = try await Command(tool: .claims, arguments: ["verify"] + options + [file]).run()
          #expect(result.ending == .exited(passes ? 0 : 1))
          #expect(result.output.contains("untrusted issuer") == !passes)
        }
      }
    }

    @Test("verify walks the directory of a server")
    func directory() async throws {
      let setup = try await LocalSetup()
      _ = try await setup.storedAccount("one")
      #expect(try await setup.claims.stop() == .exited(0))
      let result = try await setup.run("verify", "--operator", "keys/operator.jwt", "store")
      #expect(result.ending == .exited(0), "\(result.output)\(result.errors)")
      #expect(result.lines.filter { $0.hasPrefix("pass  ") }.count == 2)
    }
  }
}
