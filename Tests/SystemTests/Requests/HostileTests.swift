import Claims
import ClaimsTestSupport
import Foundation
import TestSupport
import Testing

extension SystemTests {
  @Suite("hostile clients")
  struct HostileTests {
    private struct Attack: Decodable {
      let attack: String
      let outcome: String
    }

    private struct Honest: Decodable {
      let lookups: Int
      let failures: [String]
    }

    private static let script = Tool.built("Tests/SystemTests/Python/hostile.py")

    @Test("get what the document says, all at once, while honest lookups go on and the memory stays", .timeLimit(.minutes(15)))
    func attacks() async throws {
      let organisation = try Organisation()
      let claims = try await ServerUnderTest(organisation)
      let account = try TestAccount(of: organisation)
      try await claims.store(account.token(), of: account)
      let arguments = ["\(claims.port)", account.key.text]
      let pipe = Pipe()
      var honest = ChildProcess.Launch(executable: try Tool.python.path)
      honest.arguments = [Self.script, "honest"] + arguments
      honest.input = pipe.fileHandleForReading.fileDescriptor
      let client = try ChildProcess(honest)
      let memory = ResidentMemory(of: claims.process)
      let before = try memory.bytes
      let highest = Task { try await memory.highest() }
      let result = try await Command(tool: .python, arguments: [Self.script, "attack"] + arguments).run()
      highest.cancel()
      let grown = try await highest.value - before
      try pipe.fileHandleForWriting.close()
      try await client.wait()

      #expect(result.succeeded, "\(result.errors)")
      let attacks = try result.lines.map { try JSONDecoder().decode(Attack.self, from: Data($0.utf8)) }
      let expected = try Repository.rows(of: "docs/security.md").map { row in
        "\(row[0].replacing("`", with: "")): \(row[2])"
      }
      #expect(attacks.map { "\($0.attack): \($0.outcome)" }.sorted() == expected.sorted())
      let seen = try JSONDecoder().decode(Honest.self, from: Data(client.output.utf8))
      #expect(seen.failures.isEmpty && seen.lookups > 100, "\(seen)")
      #expect(grown < 64 << 20, "the server grew by \(grown >> 20) MiB")
      #expect(try await claims.stop() == .exited(0))
    }
  }
}

/// The memory that a process has in use.
private struct ResidentMemory: Sendable {
  private let file: String

  init(of process: ChildProcess) { file = "/proc/\(process.identifier)/statm" }

  var bytes: Int {
    get throws {
      let text = try String(contentsOfFile: file, encoding: .utf8)
      guard let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { throw SetupError("\(file): \(text)") }
      return pages * 4096
    }
  }

  /// The most until the task is cancelled.
  func highest() async throws -> Int {
    var highest = 0
    while !Task.isCancelled {
      highest = max(highest, try bytes)
      do { try await Task.sleep(for: .milliseconds(50)) } catch { break }
    }
    return highest
  }
}
