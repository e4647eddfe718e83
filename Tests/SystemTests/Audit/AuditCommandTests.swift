import Claims
import ClaimsTestSupport
import Foundation
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("nats-claims audit")
  struct AuditCommandTests {
    /// What `audit --json` prints of a record.
    struct Line: Decodable {
      let sequence: Int64
      let time: String
      let kind: String
      let account: String
      let mark: Int64
      let generation: Int64
      let expires: Int64?
      let jti: String
      let issuer: String
      let actor: String
      let digest: String
      let bytes: Int?
      let chain: String
    }

    /// A server with a few changes: the system account adopted, one account pushed twice, another pushed and deleted.
    private struct Audited {
      let organisation: Organisation
      let claims: ServerUnderTest
      let directory: String
      let one: TestAccount
      let two: TestAccount

      init() async throws {
        organisation = try Organisation()
        claims = try await ServerUnderTest(organisation)
        directory = try #require(claims.options.directory)
        one = try TestAccount(of: organisation)
        two = try TestAccount(of: organisation)
        try await claims.store(one.token(1), of: one)
        try await claims.store(one.token(2) { $0.common.exp = Organisation.now + 1000 }, of: one)
        try await claims.store(two.token(1), of: two)
        let claim = try organisation.authority.deletion(of: [two.key], iat: two.iat(5))
        #expect(try await claims.http.send("DELETE", HTTPClient.path(two.key), body: claim.bytes).status == 200)
      }

      func audit(_ arguments: String...) async throws -> Command.Result {
        try await Command(tool: .claims, arguments: ["audit", "-dir", directory] + arguments).run()
      }

      func lines(_ arguments: String...) async throws -> [Line] {
        let result = try await Command(tool: .claims, arguments: ["audit", "-dir", directory, "--json"] + arguments).run()
        #expect(result.ending == .exited(0), "\(result.errors)")
        return try AuditCommandTests.lines(of: result.output)
      }
    }

    private static func lines(of output: String) throws -> [Line] {
      try output.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test("shows every change of a running server, a line or an object each, and what was not asked for is left out")
    func shows() async throws {
      let audited = try await Audited()
      let (one, two) = (audited.one.key.text, audited.two.key.text)
      let people = try await audited.audit()
      #expect(people.ending == .exited(0), "\(people.errors)")
      #expect(people.lines.count == 5)
      let second = try #require(people.lines.dropFirst(2).first)
      let pattern =
        "T[0-9:.]+Z  3  put +\(one)  iat \(audited.one.iat(2)), expires .* UTC, jti [A-Z2-7]+, issuer O[A-Z2-7]+, .*by http 127.0.0.1, chain [0-9a-f]{16}$"
      #expect(second.range(of: pattern, options: .regularExpression) != nil, "\(second)")

      let all = try await audited.lines()
      #expect(all.map(\.sequence) == [1, 2, 3, 4, 5])
      #expect(all.map(\.kind) == ["adopt", "put", "put", "put", "delete"])
      #expect(all.map(\.account) == [audited.organisation.systemAccount.text, one, one, two, two])
      #expect(all[1].digest == (try audited.one.token(1)).digest.hex)
      #expect(all[1].bytes == (try audited.one.token(1)).bytes.count)
      #expect(all[2].expires != nil && all[1].expires == nil)
      #expect(all.allSatisfy { $0.chain.count == 64 && $0.time.hasSuffix("Z") && $0.issuer.hasPrefix("O") })

      #expect(try await audited.lines("--account", one).map(\.sequence) == [2, 3])
      #expect(try await audited.lines("--kind", "delete,adopt").map(\.sequence) == [1, 5])
      #expect(try await audited.lines("--actor", "http").map(\.sequence) == [2, 3, 4, 5])
      #expect(try await audited.lines("--issuer", all[1].issuer, "--kind", "put").map(\.sequence) == [2, 3, 4])
      #expect(try await audited.lines("--limit", "2").map(\.sequence) == [4, 5])
      #expect(try await audited.lines("--newest-first", "-n", "2").map(\.sequence) == [5, 4])
      #expect(try await audited.lines("--newest-first").map(\.sequence) == [5, 4, 3, 2, 1])
      #expect(try await audited.lines("--until", "1h", "--kind", "put").isEmpty)
      #expect(try await audited.lines("--since", "1h", "--kind", "put").count == 3)
      #expect(try await audited.lines("--since", "2020-01-01", "--until", "2020-02-01T00:00:00Z").isEmpty)
      #expect(try await audited.lines("--since", all[1].time, "--kind", "put").count == 3)
      let history = try await Command.claims("history", two, "-dir", audited.directory, "--json")
      #expect(try Self.lines(of: history.output).map(\.kind) == ["delete", "put"])
    }

    @Test("refuses what it does not understand, and says where the log should be")
    func refuses() async throws {
      let folder = try Stage.required.newFolder("empty")
      for (arguments, code, text) in [
        (["-dir", folder], 1, "there is no change log \(folder)/.nats-claims/log.sqlite"),
        (["--state", folder], 1, "there is no change log \(folder)/log.sqlite"), (["--kind", "put,nothing"], 64, "put,nothing"),
        (["--since", "yesterday"], 64, "yesterday"), (["--verify", "--limit", "3"], 64, "--verify looks at the whole log"),
        (["--head", "3:0011223344556677"], 64, "--head goes with --verify"), (["--verify", "--head", "3:xyz"], 64, "3:xyz"),
      ] {
        let result = try await Command(tool: .claims, arguments: ["audit"] + arguments).run()
        #expect(result.ending == .exited(Int32(code)), "\(arguments)")
        #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
      }
      let nobody = try await Command.claims("history", try TestAccount(of: Organisation()).key.text, "-dir", folder)
      #expect(nobody.ending == .exited(1))
    }

    @Test("--verify is content beside a running server and after it stopped, changes nothing, and compares heads")
    func verifies() async throws {
      struct Summary: Decodable {
        let ok: Bool
        let records: Int
        let head: String
      }
      let audited = try await Audited()
      let running = try await audited.audit("--verify", "--json")
      #expect(running.ending == .exited(0), "\(running.output)\(running.errors)")
      let summary = try JSONDecoder().decode(Summary.self, from: Data(running.output.utf8))
      #expect(summary.ok && summary.records == 5)
      try await audited.claims.store(audited.one.token(9), of: audited.one)
      #expect(try await audited.claims.stop() == .exited(0))
      let state = audited.directory + "/.nats-claims"
      let before = try Disk.paths(below: state)
      let stopped = try await audited.audit("--verify", "--head", summary.head)
      #expect(stopped.ending == .exited(0), "\(stopped.output)\(stopped.errors)")
      #expect(stopped.lines.first?.hasPrefix("pass  6 records, 6 tokens with their signatures") == true)
      #expect(stopped.lines.last?.hasPrefix("head  6:") == true)
      #expect(try Disk.paths(below: state) == before)
      let other = try await audited.audit("--verify", "--head", "5:\(String(repeating: "0", count: 64))")
      #expect(other.ending == .exited(1))
      #expect(other.output.contains("FAIL  record 5: the chain does not pass through the head"))
    }

    @Test("--verify reads the log of a server that was killed, and a copy of its files")
    func killed() async throws {
      let audited = try await Audited()
      try await audited.claims.kill()
      let copy = try Stage.required.newFolder("copy")
      for name in ["log.sqlite", "log.sqlite-wal"] {
        try FileManager.default.copyItem(atPath: "\(audited.directory)/.nats-claims/\(name)", toPath: "\(copy)/\(name)")
      }
      for arguments in [["-dir", audited.directory], ["--state", copy]] {
        let result = try await Command(tool: .claims, arguments: ["audit", "--verify"] + arguments).run()
        #expect(result.ending == .exited(0), "\(result.output)\(result.errors)")
        #expect(result.lines.first?.hasPrefix("pass  5 records") == true)
      }
    }

    @Test("--verify names the record whose token lost a bit on the disk, and exits with 1")
    func damaged() async throws {
      let audited = try await Audited()
      #expect(try await audited.claims.stop() == .exited(0))
      let file = URL(filePath: audited.directory + "/.nats-claims/log.sqlite")
      var bytes = try Data(contentsOf: file)
      let token = Data(try audited.one.token(1).bytes)
      let place = try #require(bytes.range(of: token)).lowerBound
      bytes[place + 100] ^= 4
      try bytes.write(to: file)
      let result = try await audited.audit("--verify")
      #expect(result.ending == .exited(1))
      #expect(result.lines.first == "FAIL  record 2: the token's bytes are not those that were accepted")
      #expect(result.errors.contains("1 findings; restore it from a copy"))
    }

    @Test("--follow prints what comes, within a second or two, also over a restart and a log that is begun anew")
    func follows() async throws {
      let audited = try await Audited()
      var launch = ChildProcess.Launch(executable: try Tool.claims.path)
      launch.arguments = ["audit", "-dir", audited.directory, "--json", "--follow", "--kind", "put"]
      let follower = try ChildProcess(launch)
      let shown = { try Self.lines(of: follower.output).map(\.sequence) }
      try await eventually("the records that are there") { try shown() == [2, 3, 4] }
      try await audited.claims.store(audited.one.token(9), of: audited.one)
      try await eventually("the new record", within: 10) { try shown() == [2, 3, 4, 6] }
      #expect(try await audited.claims.stop() == .exited(0))
      var options = audited.claims.options
      options.directory = audited.directory
      let second = try await ServerUnderTest(options)
      try await second.store(audited.one.token(10), of: audited.one)
      try await eventually("the record of the second run") { try shown().last == 7 }
      #expect(try await second.stop() == .exited(0))
      try FileManager.default.moveItem(atPath: audited.directory + "/.nats-claims", toPath: audited.directory + "/old")
      try FileManager.default.createDirectory(atPath: audited.directory + "/.nats-claims", withIntermediateDirectories: false)
      #expect(FileManager.default.createFile(atPath: audited.directory + "/.nats-claims/log.sqlite", contents: nil))
      try await eventually("the new log is noticed, which holds nothing yet") { follower.errors.contains("the log was begun anew") }
      let third = try await ServerUnderTest(options)
      try await third.store(audited.one.token(11), of: audited.one)
      try await eventually("the record of the new log") { try shown().count == 6 }
      #expect(follower.ending == nil)
    }

    @Test("text that tokens bring along is kept to the byte, and cannot steer the terminal")
    func hostileText() async throws {
      let organisation = try Organisation()
      let account = try TestAccount(of: organisation)
      let directory = try organisation.directory()
      let payload = """
        {"iat":\(account.iat(0)),"iss":"\(organisation.authority.signing.publicKey)","jti":"a\\u0000\\u001b[2J\\u202eb","name":"x",\
        "sub":"\(account.key)","type":"account","nats":{"limits":{"conn":-1}}}
        """
      let token = try organisation.authority.version1(payload: payload, header: #"{"typ":"jwt","alg":"ed25519"}"#)
      try Data(token.bytes).write(to: URL(filePath: "\(directory)/\(account.key).jwt"))
      let claims = try await ServerUnderTest(.init(organisation, directory: directory))
      #expect(try await claims.http.account(account.key).body == token.bytes)
      let people = try await Command.claims("audit", "-dir", directory, "--account", account.key.text)
      #expect(people.output.contains("jti a  [2J b,"), "\(people.output)")
      let json = try await Command.claims("audit", "-dir", directory, "--account", account.key.text, "--json")
      #expect(try Self.lines(of: json.output).map(\.jti) == ["a\0\u{1B}[2J\u{202E}b"])
      let verified = try await Command.claims("audit", "-dir", directory, "--verify")
      #expect(verified.ending == .exited(0), "\(verified.output)\(verified.errors)")
    }
  }
}
