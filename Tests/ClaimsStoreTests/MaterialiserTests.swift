import Claims
import ClaimsStore
import ClaimsTestSupport
import Foundation
import Logging
import Testing

@Suite("The directory follows the log")
struct MaterialiserTests {
  private let folder: TemporaryFolder
  private let one: AccountKey

  init() throws {
    folder = try TemporaryFolder()
    one = try TestAuthority.account()
  }

  private func open(_ layout: TokenDirectory.Layout = .flat, _ fileSystem: any FileSystem = SystemFileSystem()) throws -> Store {
    try Store(.init(directory: folder.path, layout: layout), fileSystem: fileSystem, logger: Logger(label: "test"))
  }

  @Test("writes the newest token, dated as its record")
  func writes() async throws {
    let store = try open()
    let following = Task { await store.followLog() }
    _ = try await store.submit(put(change(one, "a")))
    _ = try await store.submit(put(change(one, "b", iat: TestTime.seconds + 1)))
    try await eventually("the file is written") { store.directoryLag == 0 }
    #expect(try folder.text("\(one).jwt") == "b")
    #expect(try SystemFileSystem().status(of: "\(folder.path)/\(one).jwt")?.modified == TestTime.seconds * 1000 + 7)
    following.cancel()
    await following.value
    await store.close()
  }

  @Test("writes into sub-folders when asked, and leaves no second copy")
  func shards() async throws {
    let flat = try open()
    _ = try await flat.submit(put(change(one, "a")))
    await flat.close()
    #expect(try folder.names() == ["\(one).jwt"])

    let sharded = try open(.sharded)
    _ = try await sharded.submit(put(change(one, "b")))
    await sharded.close()
    let shard = String(one.text.suffix(2))
    #expect(try folder.names() == [shard])
    #expect(try folder.text("\(shard)/\(one).jwt") == "b")
  }

  @Test("sets the file of a deleted account aside, and writes it again when the account comes back")
  func deletes() async throws {
    let store = try open()
    _ = try await store.submit(put(change(one, "a")))
    await store.close()
    let second = try open()
    _ = try await second.submit(put(change(one, "claim", kind: .delete)))
    await second.close()
    #expect(try folder.names() == ["\(one).jwt.deleted"])
    #expect(try folder.text("\(one).jwt.deleted") == "a")

    let third = try open()
    _ = try await third.submit(put(change(one, "b")))
    await third.close()
    #expect(try folder.text("\(one).jwt") == "b")
  }

  @Test("leaves a file alone that somebody put in the account's place and nobody judged yet", arguments: [ChangeKind.put, .delete])
  func leavesUnjudged(_ kind: ChangeKind) async throws {
    let store = try open()
    _ = try await store.submit(put(change(one, "a")))
    _ = try await store.completeFiles()
    try folder.write("newer", to: "\(one).jwt")
    _ = try await store.submit(put(change(one, "b", kind: kind)))
    _ = try await store.completeFiles()
    #expect(try folder.text("\(one).jwt") == "newer")
    // What the log knows is no news, however it is dated.
    try folder.write("a\n", to: "\(one).jwt")
    try await store.rewriteFile(of: one)
    #expect(try folder.text(kind == .put ? "\(one).jwt" : "\(one).jwt.deleted") == (kind == .put ? "b" : "a\n"))
    await store.close()
  }

  @Test("leaves adopted files as they were found")
  func adopts() async throws {
    try folder.write("a\n", to: "\(one).jwt")
    let store = try open()
    _ = try await store.submit(put(change(one, "a", kind: .adopt)))
    await store.close()
    #expect(try folder.text("\(one).jwt") == "a\n")
  }

  @Test("does not pass over a change that is durable but not visible yet")
  func waitsForVisibility() async throws {
    let log = FaultyChangeLog(try SQLiteChangeLog(path: folder.path + "/log.sqlite"))
    let store = try Store(.init(directory: folder.path), openLog: { _, _ in log }, logger: Logger(label: "test"))
    let other = try TestAuthority.account()
    let one = one
    _ = try await store.submit(put(change(one, "a")))
    log.close(gate: true)
    let waiting = Task { try await store.submit(put(change(other, "b"))) }
    try await eventually("the second change is durable") { log.isHolding }
    #expect(try await store.log.lastSequence() == 2)
    #expect(try await store.changes(after: 0, limit: 10).map(\.sequence) == [1])

    let following = Task { await store.followLog() }
    try await eventually("the first file is written") { try folder.names().contains("\(one).jwt") }
    log.close(gate: false)
    _ = try await waiting.value
    try await eventually("the second file is written") { try folder.names().contains("\(other).jwt") }
    following.cancel()
    await following.value
    await store.close()
  }

  @Test("tries again when a file could not be written, and says what is wrong until it can")
  func retries() async throws {
    let disk = FaultyFileSystem()
    let store = try open(.flat, disk)
    disk.fails = .init(call: "open", code: 28)
    let following = Task { await store.followLog() }
    _ = try await store.submit(put(change(one, "a")))
    try await eventually("the failure is named") { store.directoryProblem != nil }
    #expect(store.index.entry(of: one.raw)?.token == Token("a"))
    disk.fails = nil
    try await eventually("the file is written") { store.directoryLag == 0 && store.directoryProblem == nil }
    #expect(try folder.text("\(one).jwt") == "a")
    following.cancel()
    await following.value
    await store.close()
  }

  @Test("a file that cannot be written is named and tried again while others are written without an end")
  func retriesInARush() async throws {
    let store = try open()
    // No file takes the place of a folder.
    try folder.write("", to: "\(one).jwt/inside")
    let following = Task { await store.followLog() }
    _ = try await store.submit(put(change(one, "a")))
    let rush = Task {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          let account = try TestAuthority.account()
          group.addTask {
            var second = TestTime.seconds
            while !Task.isCancelled {
              second += 1
              _ = try await store.submit(put(change(account, "\(second)", iat: second)))
            }
          }
        }
        try await group.waitForAll()
      }
    }
    try await eventually("the failure is named") { store.directoryProblem != nil }
    try FileManager.default.removeItem(atPath: "\(folder.path)/\(one).jwt")
    try await eventually("the file is written") { (try? folder.text("\(one).jwt")) == "a" && store.directoryProblem == nil }
    #expect(!rush.isCancelled)
    rush.cancel()
    try await rush.value
    following.cancel()
    await following.value
    await store.close()
  }
}
