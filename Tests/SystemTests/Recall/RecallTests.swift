import Claims
import ClaimsTestSupport
import Foundation
import Glibc
import Nkeys
import TestSupport
import Testing

extension SystemTests {
  @Suite("older claims on purpose, and other work beside the store")
  struct RecallTests {
    @Test("accept-older and undelete go through the running server; the open door has no administration", arguments: [true, false])
    func recalls(isRunning: Bool) async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let directory = try #require(options.directory)
      var claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: organisation)
      let older = try account.token(1)
      try await claims.store(account.token(5), of: account)
      let refusal = try await claims.http.push(older, to: account.key)
      #expect(refusal.status == 409)
      #expect(refusal.text.contains("accept-older"))
      for request in ["accept-older", "undelete", "transfer?operator=\(organisation.authority.identity.publicKey)"] {
        let answer = try await claims.http.send("POST", "/api/v1/accounts/\(account.key)/\(request)", body: older.bytes)
        #expect(answer.status == 404, "\(request)")
      }
      if !isRunning { #expect(try await claims.stop() == .exited(0)) }

      let file = try Stage.required.file("older.jwt", older.text)
      let accepted = try await Command.claims("accept-older", "-dir", directory, file)
      #expect(accepted.succeeded, "\(accepted.errors)")
      let garbage = try await Command.claims("accept-older", "-dir", directory, "-", input: "garbage")
      #expect(garbage.ending == .exited(1) && !garbage.errors.isEmpty)
      if !isRunning { claims = try await ServerUnderTest(options) }
      #expect(try await claims.http.account(account.key).body == older.bytes)
      #expect(try await claims.http.push(account.token(4), to: account.key).status == 409)

      let claim = try organisation.authority.deletion(of: [account.key], iat: Organisation.now)
      #expect(try await claims.http.send("DELETE", HTTPClient.path(account.key), body: claim.bytes).status == 200)
      let removed = try await claims.http.push(older, to: account.key)
      #expect(removed.status == 409)
      #expect(removed.text.contains("undelete \(account.key)"))
      if !isRunning { #expect(try await claims.stop() == .exited(0)) }
      let undeleted = try await Command.claims("undelete", "-dir", directory, account.key.text)
      #expect(undeleted.succeeded, "\(undeleted.errors)")
      if !isRunning { claims = try await ServerUnderTest(options) }
      #expect(try await claims.http.account(account.key).body == older.bytes)
      try await eventually("its file is back") { claims.file(of: account.key) == older.bytes }

      let audit = try await Command.claims("audit", "-dir", directory, "--account", account.key.text)
      for word in ["accept-older", "restore", "delete"] { #expect(audit.output.contains(word), "\(word): \(audit.output)") }
      #expect(try await Command.claims("audit", "--verify", "-dir", directory).succeeded)
    }

    @Test("a state that cannot be read is told apart from one that is not there")
    func unreadableState() async throws {
      let loop = try Stage.required.newFolder("loop") + "/state"
      #expect(symlink(loop, loop) == 0)
      let unreadable = try await Command.claims("undelete", "--state", loop, try TestAuthority.account().text)
      #expect(unreadable.ending == .exited(1) && unreadable.errors.contains("\(loop) cannot be read"), "\(unreadable.errors)")
      let missing = try await Command.claims("undelete", "--state", loop + "-missing", try TestAuthority.account().text)
      #expect(missing.ending == .exited(1) && missing.errors.contains("holds no log of nats-claims"), "\(missing.errors)")
    }

    @Test("transfer gives an account to another operator")
    func transfers() async throws {
      let (first, second) = (try Organisation(), try Organisation())
      var options = try ServerUnderTest.Options(first)
      options.operatorFiles.append(second.operatorFile)
      let claims = try await ServerUnderTest(options)
      let account = try TestAccount(of: first)
      try await claims.store(account.token(), of: account)
      let taken = try second.authority.account(account.key, iat: Organisation.now - 10)
      #expect(try await claims.http.push(taken, to: account.key).status == 409)
      let transferred = try await Command.claims(
        "transfer", account.key.text, "--to", second.authority.identity.publicKey.text, "-dir", options.directory ?? "")
      #expect(transferred.succeeded, "\(transferred.errors)")
      #expect(try await claims.http.push(taken, to: account.key).status == 200)
    }

    @Test("flush completes the files after a kill, and refuses while a server runs")
    func flushes() async throws {
      let organisation = try Organisation()
      let options = try ServerUnderTest.Options(organisation)
      let directory = try #require(options.directory)
      let claims = try await ServerUnderTest(options)
      let accounts = try (0..<200).map { _ in try TestAccount(of: organisation) }
      let busy = try await Command.claims("flush", directory)
      #expect(busy.ending == .exited(1) && busy.errors.contains("holds this directory"))
      for account in accounts { try await claims.store(account.token(), of: account) }
      try await claims.kill()
      let flushed = try await Command.claims("flush", directory)
      #expect(flushed.succeeded, "\(flushed.errors)")
      for account in accounts { #expect(try claims.file(of: account.key) == account.token().bytes) }
      let nothing = try await Command.claims("flush", try Stage.required.newFolder("empty"))
      #expect(nothing.ending == .exited(1) && nothing.errors.contains("holds no log"))
    }

    @Test("a lost or damaged log refuses the start until it is to be begun anew, and is kept", arguments: [true, false])
    func rebuilds(isLost: Bool) async throws {
      let organisation = try Organisation()
      var options = try ServerUnderTest.Options(organisation)
      let state = "\(options.directory ?? "")/.nats-claims"
      let account = try TestAccount(of: organisation)
      let first = try await ServerUnderTest(options)
      try await first.store(account.token(), of: account)
      #expect(try await first.stop() == .exited(0))
      if isLost {
        try FileManager.default.removeItem(atPath: "\(state)/log.sqlite")
      } else {
        try Data(repeating: 7, count: 9000).write(to: URL(filePath: "\(state)/log.sqlite"))
      }
      let refused = try ServerUnderTest.launch(options)
      #expect(try await refused.wait() == .exited(1))
      #expect(refused.errors.contains("restore"))
      options.extra = ["--rebuild-log"]
      let again = try await ServerUnderTest(options)
      #expect(try await again.http.account(account.key).body == account.token().bytes)
      if !isLost { #expect(try FileManager.default.contentsOfDirectory(atPath: state).contains { $0.hasPrefix("log.sqlite.old-") }) }
      // A sound log is left alone.
      try await again.store(account.token(3), of: account)
      #expect(try await again.stop() == .exited(0))
      let third = try await ServerUnderTest(options)
      #expect(try await third.http.push(account.token(1), to: account.key).status == 409)
    }
  }
}
