import Claims
import ClaimsStore
import ClaimsTestSupport
import Glibc
import Logging
import Testing

@Suite("A file system that fails at any step")
struct StoreFaultTests {
  /// A way to fail.
  struct Way: Sendable, CustomTestStringConvertible {
    let code: Int32
    let kind: FaultyFileSystem.Break.Kind

    var testDescription: String { kind == .crash ? "a crash" : code == EIO ? "EIO" : "ENOSPC" }

    static let all = [Way(code: EIO, kind: .once), Way(code: ENOSPC, kind: .once), Way(code: EIO, kind: .crash)]
  }

  /// A life of a store: accounts come, change, go and come back, the layout changes, and copies lie where they should not.
  private struct Life {
    let folder: TemporaryFolder
    let accounts: [AccountKey]
    /// What a file of the directory may hold.
    let whole: Set<String>

    init() throws {
      folder = try TemporaryFolder()
      accounts = try (0..<3).map { _ in try TestAuthority.account() }
      whole = Set(["first", "second", "third", "foreign"].map(Self.token))
      // A copy in the other layout that nobody knows.
      try folder.write(Self.token("foreign"), to: "\(accounts[2]).jwt")
    }

    static func token(_ text: String) -> String { text + String(repeating: " token that is long enough", count: 4) }

    /// Lives on this disk; ends early when the store cannot be opened.
    func live(on disk: any FileSystem) async throws {
      try await step(.flat, disk, [change(accounts[0], Self.token("first")), change(accounts[1], Self.token("first"))])
      try await step(
        .sharded, disk,
        [
          change(accounts[0], Self.token("second"), iat: 2), change(accounts[1], "delete", kind: .delete, iat: 3),
          change(accounts[2], Self.token("first")),
        ])
      try await step(.sharded, disk, [change(accounts[1], Self.token("third"), iat: 4)])
    }

    private func step(_ layout: TokenDirectory.Layout, _ disk: any FileSystem, _ changes: [Change]) async throws {
      let store: Store
      do {
        store = try Store(.init(directory: folder.path, layout: layout), fileSystem: disk, logger: Logger.silent)
      } catch is StoreError {
        return
      }
      for change in changes { _ = try await store.submit(put(change)) }
      await store.close()
    }

    /// The texts of all `.jwt` files.
    func texts() throws -> [String] {
      let directory = TokenDirectory(path: folder.path, layout: .flat)
      return try directory.files().map { String(decoding: try directory.read($0), as: UTF8.self) }
    }
  }

  @Test("never leaves a part of a token, and the next start completes the directory", arguments: Way.all)
  func anyStep(_ way: Way) async throws {
    let counting = FaultyFileSystem()
    try await Life().live(on: counting)
    #expect(counting.steps > 40)
    for step in 1...counting.steps {
      let life = try Life()
      let disk = FaultyFileSystem(.init(step: step, code: way.code, kind: way.kind))
      try await life.live(on: disk)
      #expect(disk.isBroken, "step \(step)")
      #expect(try Set(life.texts()).isSubset(of: life.whole), "step \(step): a part of a token")
      try await completes(life, step)
    }
  }

  /// A start on the healed disk brings every file up to the log.
  private func completes(_ life: Life, _ step: Int) async throws {
    let store = try Store(.init(directory: life.folder.path, layout: .sharded), logger: Logger.silent)
    for account in life.accounts where store.index.entry(of: account.raw) == nil {
      // The store could not be opened when this account was to come.
      _ = try await store.submit(put(change(account, Life.token("third"), iat: 9)))
    }
    let newest = try life.accounts.map { try store.current($0)?.token.text }
    #expect(await store.close(), "step \(step)")
    let files = try store.directory.files()
    for (account, token) in zip(life.accounts, newest) {
      // In whichever layout: a file moves when its account changes.
      let texts = try files.filter { $0.name == account.text }.map { String(decoding: try store.directory.read($0), as: UTF8.self) }
      #expect(texts == [token].compactMap { $0 }, "step \(step)")
    }
    #expect(try Set(life.texts()).isSubset(of: life.whole), "step \(step)")
    let left = try store.directory.shards().flatMap { try SystemFileSystem().names(in: "\(life.folder.path)/\($0)") }
    #expect(!left.contains { $0.hasSuffix(".tmp") }, "step \(step): \(left)")
  }

  @Test("that lost a sync is written again from the last good one")
  func failedSync() async throws {
    let folder = try TemporaryFolder()
    let disk = FaultyFileSystem()
    let account = try TestAuthority.account()
    let store = try Store(.init(directory: folder.path), fileSystem: disk, logger: Logger.silent)
    _ = try await store.submit(put(change(account, "a")))
    disk.fails = .init(call: "syncfs", code: EIO)
    let following = Task { await store.followLog() }
    try await eventually("the failure is named") { store.directoryProblem != nil }
    // What the system took for written is not: the file is as empty as a power cut would leave it.
    let path = "\(folder.path)/\(account).jwt"
    try disk.remove(path)
    try disk.create(path, [], modified: TestTime.seconds * 1000)
    disk.fails = nil
    try await eventually("the file is written again") { store.directoryLag == 0 && store.directoryProblem == nil }
    #expect(try folder.text("\(account).jwt") == "a")
    following.cancel()
    await following.value
    await store.close()
  }

  @Test("for one path alone holds up no other account")
  func onePath() async throws {
    let folder = try TemporaryFolder()
    let (one, two) = (try TestAuthority.account(), try TestAuthority.account())
    // A folder lies where the file of the first account should be.
    try SystemFileSystem().makeFolder("\(folder.path)/\(one).jwt")
    let store = try Store(.init(directory: folder.path), logger: Logger.silent)
    let following = Task { await store.followLog() }
    _ = try await store.submit(put(change(one, "a")))
    _ = try await store.submit(put(change(two, "b")))
    try await eventually("the second account's file is written") { try folder.names().contains("\(two).jwt") }
    try await eventually("the first one is named") { store.directoryProblem?.contains("\(one)") == true }
    #expect(store.directoryLag == 2)
    #expect(rmdir("\(folder.path)/\(one).jwt") == 0)
    try await eventually("the first account's file is written too") { store.directoryLag == 0 && store.directoryProblem == nil }
    #expect(try folder.text("\(one).jwt") == "a")
    following.cancel()
    await following.value
    await store.close()
  }
}

extension Logger {
  /// A log that nobody reads.
  static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
