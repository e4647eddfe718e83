import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Nkeys
import Synchronization
import Testing

@Suite("Operators that the log noted")
struct NotedOperatorsTests {
  private let authority: TestAuthority

  init() throws {
    authority = try TestAuthority()
  }

  /// Starts on a folder with an operator's file of this text, and ends again after `body`.
  private func start(
    _ folder: TemporaryFolder, with tokens: [Token], _ body: (RegistryUnderTest) async throws -> Void = { _ in }
  ) async throws {
    let subject = try RegistryUnderTest(trusting: [], folder: folder, operators: tokens)
    try await subject.registry.resumeOperators(from: tokens.indices.map { "operator-\($0).jwt" })
    await subject.registry.noteOperators()
    try await body(subject)
    await subject.store.close()
  }

  @Test("a file that is older at a start is refused, and the noted token is trusted: a removed key does not come back")
  func olderAtStart() async throws {
    let folder = try TemporaryFolder()
    let newer = try authority.withoutSigningKey()
    try await start(folder, with: [authority.token])
    try await start(folder, with: [newer]) { subject in
      #expect(subject.warnings(.operatorFiles).isEmpty)
    }
    try await start(folder, with: [authority.token]) { subject in
      #expect(subject.registry.operators.map(\.token) == [newer])
      let warning = try #require(subject.warnings(.operatorFiles).first)
      #expect(warning.contains("operator-0.jwt holds an older token"), "\(warning)")
      let account = try TestAuthority.account()
      #expect(await subject.refusal(of: try authority.account(account)) == .untrustedIssuer)
      try await subject.store(try authority.account(account, signer: authority.identity))
      #expect(try await subject.store.log.operators().map(\.token) == [newer])
    }
  }

  @Test("what a reload accepted is noted too")
  func afterReload() async throws {
    let folder = try TemporaryFolder()
    let newer = try authority.withoutSigningKey()
    try await start(folder, with: [authority.token]) { subject in
      #expect(subject.reload(newer.text))
      #expect(await subject.registry.noteOperators())
    }
    try await start(folder, with: [authority.token]) { subject in
      #expect(subject.registry.operators.map(\.token) == [newer])
    }
  }

  @Test("an operator that was away for a while is remembered")
  func formerOperator() async throws {
    let folder = try TemporaryFolder()
    let other = try TestAuthority()
    let newer = try authority.withoutSigningKey()
    try await start(folder, with: [newer, other.token])
    try await start(folder, with: [other.token]) { subject in
      #expect(subject.registry.operators.map(\.token) == [other.token])
    }
    try await start(folder, with: [other.token, authority.token]) { subject in
      #expect(subject.registry.operators.map(\.token) == [other.token, newer])
    }
  }

  @Test("a token of the same second is taken from the file, not from the log")
  func sameSecond() async throws {
    let folder = try TemporaryFolder()
    let other = try authority.renewed(after: 0) { $0.common.name = "other" }
    try await start(folder, with: [authority.token])
    try await start(folder, with: [other]) { subject in
      #expect(subject.registry.operators.map(\.token) == [other])
      let noted = try await subject.store.log.operators()
      #expect(noted.map(\.token) == [other])
    }
  }

  @Test("a noted token that is damaged is no way around: with an older file the start fails, with a newer one it goes on")
  func damagedNote() async throws {
    let subject = try RegistryUnderTest(trusting: [authority])
    let noted = try authority.withoutSigningKey()
    let damaged = OperatorRecord(
      key: authority.identity.publicKey.text, iat: TestTime.seconds - 990, token: Token(String(noted.text.dropLast(4))))
    try await subject.store.log.note(operators: [damaged])
    await #expect(throws: StoreError(.damagedLog, "")) { try await subject.registry.resumeOperators(from: ["operator.jwt"]) }
    #expect(subject.reload(try authority.renewed(after: 20).text))
    try await subject.registry.resumeOperators(from: ["operator.jwt"])
    await subject.store.close()
  }

  @Test("a disk that fails is no reason not to start, and not to take a key out")
  func failingDisk() async throws {
    let log = Mutex<FaultyChangeLog?>(nil)
    let subject = try RegistryUnderTest(
      trusting: [authority],
      openLog: { path, _ in
        let faulty = FaultyChangeLog(try SQLiteChangeLog(path: path))
        log.withLock { $0 = faulty }
        return faulty
      })
    let faulty = try #require(log.withLock { $0 })
    faulty.fails = StoreError(.diskFull, "full")
    try await subject.registry.resumeOperators(from: ["operator.jwt"])
    await subject.registry.noteOperators()
    #expect(subject.registry.operators.map(\.token) == [authority.token])
    let newer = try authority.withoutSigningKey()
    #expect(subject.reload(newer.text))
    let isNoted = await subject.registry.noteOperators()
    #expect(!isNoted)
    #expect(subject.registry.operators.map(\.token) == [newer])
    faulty.fails = nil
    #expect(await subject.registry.noteOperators())
    #expect(try await subject.store.log.operators().map(\.token) == [newer])
    await subject.store.close()
  }
}
