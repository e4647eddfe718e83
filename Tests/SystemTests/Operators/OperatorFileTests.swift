import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("an operator's file")
  struct OperatorFileTests {
    /// What happens to the file.
    enum Fault: String, CaseIterable, CustomTestStringConvertible {
      case removed, emptied, damaged, folder, foreign

      var testDescription: String { rawValue }

      var words: String {
        switch self {
        case .removed: "cannot be read (No such file or directory)"
        case .folder: "cannot be read (Is a directory)"
        case .emptied, .damaged: "holds no operator token"
        case .foreign: "holds the token of another operator"
        }
      }

      func strike(_ file: OperatorFile, _ authority: TestAuthority) throws {
        switch self {
        case .removed: try FileManager.default.removeItem(atPath: file.path)
        case .emptied: try file.write(Token(""))
        case .damaged: try file.write(Token(String(try authority.renewed().text.dropLast(10))))
        case .folder:
          try FileManager.default.removeItem(atPath: file.path)
          try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
        case .foreign: try file.write(try TestAuthority().renewed())
        }
      }
    }

    @Test("that is not what it was leaves the trust as it is, and is named until it is good again", arguments: Fault.allCases)
    func fault(_ fault: Fault) async throws {
      let organisation = try Organisation()
      let file = try OperatorFile(organisation.authority.token)
      var options = try ServerUnderTest.Options(organisation)
      options.operatorFiles = [file.path]
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      try fault.strike(file, organisation.authority)
      try await eventually("the file is named") {
        try await claims.warnings("operator_files").contains { $0.contains(file.path) && $0.contains(fault.words) }
      }
      #expect(try await claims.http.get("/readyz").status == 200)
      #expect(try await claims.http.get("/jwt/v1/operator").body == organisation.authority.token.bytes)
      #expect(try await claims.http.push(account.token(1), to: account.key).status == 200)
      if fault == .folder { try FileManager.default.removeItem(atPath: file.path) }
      let renewed = try organisation.authority.renewed()
      try file.write(renewed)
      try await eventually("the new token is in force") { try await claims.http.get("/jwt/v1/operator").body == renewed.bytes }
      #expect(try await claims.warnings("operator_files").isEmpty)
    }

    @Test("is read again on SIGHUP, which never ends the server, however often it comes and also while the server stops")
    func hangup() async throws {
      let organisation = try Organisation()
      let file = try OperatorFile(organisation.authority.token)
      var options = try ServerUnderTest.Options(organisation)
      options.operatorFiles = [file.path]
      let claims = try await ServerUnderTest(options)
      try file.write(Token("nothing"))
      try await eventually("the file is refused") { claims.complaints == 1 }
      // Only a changed file is told of again by the regular reading: what is told a second time was read because of the signal.
      claims.process.signal(SIGHUP)
      try await eventually("the file is read again") { claims.complaints == 2 }
      #expect(claims.log.contains("SIGHUP: the operators' files are read again"))
      let renewed = try organisation.authority.renewed()
      try file.write(renewed)
      for _ in 0..<200 { claims.process.signal(SIGHUP) }
      try await eventually("the new token is in force") { try await claims.http.get("/jwt/v1/operator").body == renewed.bytes }
      claims.process.signal(SIGTERM)
      while claims.process.ending == nil {
        claims.process.signal(SIGHUP)
        await Task.yield()
      }
      #expect(claims.process.ending == .exited(0))
    }

    @Test("may be a pipe, which is read once")
    func pipe() async throws {
      let organisation = try Organisation()
      var options = try ServerUnderTest.Options(organisation)
      let pipe = try Stage.required.path("operator.fifo")
      guard mkfifo(pipe, 0o600) == 0 else { throw SetupError("mkfifo: \(errno)") }
      options.operatorFiles = [pipe]
      let text = organisation.authority.token
      let writer = Task.detached { try text.send(into: pipe) }
      let claims = try await ServerUnderTest(options)
      try await writer.value
      claims.process.signal(SIGHUP)
      try await eventually("it was to be read again") { claims.log.contains("SIGHUP: the operators' files are read again") }
      let account = try TestAccount(of: organisation)
      #expect(try await claims.http.push(account.token(1), to: account.key).status == 200)
      #expect(try await claims.warnings("operator_files").isEmpty)
    }
  }
}

extension ServerUnderTest {
  /// How often an operator's file was refused.
  fileprivate var complaints: Int { logLines.count { $0.contains("an operator's file is not followed") } }
}

extension Token {
  /// Writes into what is there, as a pipe needs it.
  fileprivate func send(into path: String) throws {
    guard let handle = FileHandle(forWritingAtPath: path) else { throw SetupError("\(path) cannot be opened") }
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
  }
}
