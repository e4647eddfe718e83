import Claims
import ClaimsStore
import ClaimsTestSupport
import Dispatch
import Logging
import Testing

@Suite("A log that failed")
struct ProofTests {
  private let folder: TemporaryFolder
  private let one: AccountKey

  init() throws {
    folder = try TemporaryFolder()
    one = try TestAuthority.account()
  }

  @Test("is read while it is proved good, however long that takes", .timeLimit(.minutes(1)))
  func readersGoOn() async throws {
    let log = try SQLiteChangeLog(path: folder.path + "/log.sqlite")
    let first = change(one, "a")
    _ = try log.transaction { try $0.append(first) }
    // A reader that takes its time is in the way of the proof.
    let (isReading, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    DispatchQueue.global().async {
      do {
        try log.forEachNewest { _ in
          isReading.signal()
          mayEnd.wait()
        }
      } catch {
        Issue.record(error)
      }
    }
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        isReading.wait()
        continuation.resume()
      }
    }
    let proof = Task { try await log.prove() }
    try await stays("what is read", for: .milliseconds(200)) { try log.token(at: 1) == Token("a") }
    mayEnd.signal()
    try await proof.value
  }

  @Test("shows what it holds, even if its failure was told")
  func toldWrongly() async throws {
    let log = FaultyChangeLog(try SQLiteChangeLog(path: folder.path + "/log.sqlite"))
    let store = try Store(.init(directory: folder.path), openLog: { _, _ in log }, logger: Logger.silent)
    let one = one
    _ = try await store.submit(put(change(one, "a")))
    log.failsAfterCommit = StoreError(.ioFailure, "broken")
    await #expect(throws: StoreError(.ioFailure, "")) { try await store.submit(put(change(one, "b", iat: TestTime.seconds + 1))) }
    #expect(try store.current(one)?.token == Token("a"))
    log.failsAfterCommit = nil
    guard case .committed(let record) = try await store.submit(put(change(one, "c", iat: TestTime.seconds + 2))) else {
      Issue.record("not committed")
      return
    }
    #expect(record.sequence == 3)
    #expect(try await store.changes(after: 0, limit: 10).map(\.change.token) == [Token("a"), Token("b"), Token("c")])
    await store.close()
  }

  @Test("appends several changes of one proposal in their order, between those of others")
  func together() async throws {
    let store = try Store(.init(directory: folder.path), openLog: { _, _ in MemoryChangeLog() }, logger: Logger.silent)
    let (one, two) = (one, try TestAuthority.account())
    _ = try await store.submit(put(change(one, "a")))
    let several = [change(one, "closing", kind: .close), change(one, "claim", kind: .delete)]
    async let deletion = store.submit(Proposal(subject: one) { _, _ in .appendAll(several) })
    async let other = store.submit(put(change(two, "b")))
    guard case .committed(let last) = try await deletion else {
      Issue.record("not committed")
      return
    }
    _ = try await other
    #expect(last.change.kind == .delete)
    let mine = try await store.changes(after: 0, limit: 10).filter { $0.change.subject == one }
    #expect(mine.map(\.change.kind) == [.put, .close, .delete])
    #expect(mine[2].sequence == mine[1].sequence + 1)
    #expect(store.index.entry(of: one.raw)?.isDeleted == true)
    guard case .unchanged = try await store.submit(Proposal(subject: one) { _, _ in .appendAll([]) }) else {
      Issue.record("something was committed")
      return
    }
    await store.close()
  }
}
