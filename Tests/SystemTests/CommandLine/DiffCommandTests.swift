import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims diff")
  struct DiffCommandTests {
    private struct Tokens {
      let key: AccountKey
      let old: Token
      let new: Token

      init() throws {
        let account = try TestAccount(of: Organisation())
        key = account.key
        old = try account.token(1) { $0.exports = [Export(.service, subject: "orders.>")] }
        new = try account.token(2) {
          $0.limits.connections = 10
          $0.revocations.revoke("UABC", at: 60)
        }
      }

      static let lines = [
        "connections: unlimited → 10", "export orders.> removed", "revoked UABC, issued until 1970-01-01 00:01:00 UTC",
      ]
    }

    @Test("tells changes in words, and with --exit-code by the exit code")
    func words() async throws {
      let tokens = try Tokens()
      let old = try Stage.required.file("old.jwt", tokens.old.text)
      let new = try Stage.required.file("new.jwt", tokens.new.text + "\n")
      let result = try await Command.claims("diff", old, new)
      #expect(result.ending == .exited(0), "\(result.errors)")
      #expect(result.errors.isEmpty)
      for line in Tokens.lines { #expect(result.lines.contains(line), "\(result.output)") }
      let others = result.lines.filter { !Tokens.lines.contains($0) }
      #expect(others.allSatisfy { $0.hasPrefix("issued: ") || $0.hasPrefix("id: ") }, "\(others)")
      #expect(try await Command.claims("diff", "--exit-code", old, new).ending == .exited(1))
      let same = try await Command.claims("diff", "--exit-code", old, old)
      #expect(same.ending == .exited(0))
      #expect(same.output.isEmpty && same.errors.isEmpty)
    }

    @Test("--json prints paths, values and words")
    func json() async throws {
      struct Shown: Decodable {
        struct Change: Decodable {
          let path: [Step]
          let change: String
          let old: Int?
          let new: Int?
          let text: String
        }
        enum Step: Decodable, Equatable {
          case member(String)
          case item

          init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            self = (try? value.decode(String.self)).map(Step.member) ?? .item
          }
        }
        let type: String
        let subject: String
        let changes: [Change]
      }
      let account = try TestAccount(of: Organisation())
      let old = try Stage.required.file("old.jwt", account.token(1).text)
      let new = try Stage.required.file("new.jwt", account.token(1) { $0.limits.connections = 10 }.text)
      let result = try await Command.claims("diff", "--json", old, new)
      let shown = try JSONDecoder().decode(Shown.self, from: Data(result.output.utf8).filter { $0 != 10 })
      #expect(shown.type == "account" && shown.subject == account.key.text)
      let limits = try #require(shown.changes.first { $0.path.last == .member("conn") })
      #expect(limits.path == [.member("nats"), .member("limits"), .member("conn")])
      #expect(limits.change == "changed" && limits.old == -1 && limits.new == 10)
      #expect(limits.text == "connections: unlimited → 10")
    }

    @Test("compares what a server holds with a file")
    func server() async throws {
      let setup = try await LocalSetup()
      let (key, token) = try await setup.storedAccount("stored")
      let file = try Stage.required.file("same.jwt", token.text)
      let result = try await setup.run("diff", "--exit-code", "--url", setup.url, key.text, file)
      #expect(result.ending == .exited(0), "\(result.errors)")
      #expect(result.output.isEmpty)
    }

    @Test("says when a signature does not hold, and compares all the same")
    func unsigned() async throws {
      let tokens = try Tokens()
      let (old, new) = (tokens.old.text.split(separator: "."), tokens.new.text.split(separator: "."))
      let file = try Stage.required.file("old.jwt", tokens.old.text)
      let result = try await Command.claims("diff", file, "-", input: "\(old[0]).\(new[1]).\(old[2])")
      #expect(result.ending == .exited(0))
      #expect(result.errors.hasPrefix("warning: -: "))
      #expect(result.lines.contains(Tokens.lines[0]))
    }

    @Test("refuses what cannot be compared and says why")
    func refusals() async throws {
      let tokens = try Tokens()
      let file = try Stage.required.file("old.jwt", tokens.old.text)
      let other = try Stage.required.file("other.jwt", TestAccount(of: Organisation()).token().text)
      for (arguments, ending, words) in [
        ([file, other], 1, "two subjects"), ([file, "/nonexistent"], 1, "there is no such file"), ([file, "-"], 1, "-: "),
        (["-", "-"], 64, "only one of the two"),
      ] {
        let result = try await Command(tool: .claims, arguments: ["diff"] + arguments, input: "garbage").run()
        #expect(result.ending == .exited(Int32(ending)), "\(arguments)")
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(result.output.isEmpty)
      }
    }
  }
}
