import Claims
import ClaimsStore
import ClaimsTestSupport
import Logging
import Synchronization
import Testing

@Suite("The store")
struct StoreTests {
  private let folder: TemporaryFolder
  private let one: AccountKey
  private let two: AccountKey

  init() throws {
    folder = try TemporaryFolder()
    one = try TestAuthority.account()
    two = try TestAuthority.account()
  }

  private func open() throws -> Store { try Store(.init(directory: folder.path), logger: Logger(label: "test")) }

  @Test("shows a change to lookups when the submission returns")
  func isVisible() async throws {
    let store = try open()
    let change = change(one, "a", generation: 2, expires: 99)
    guard case .committed(let record) = try await store.submit(put(change)) else {
      Issue.record("not committed")
      return
    }
    let entry = try #require(store.index.entry(of: one.raw))
    #expect(entry.sequence == record.sequence)
    #expect(entry.digest == record.change.digest)
    #expect(entry.token == change.token)
    #expect(entry.isExpired(at: 100))
    #expect(!entry.isExpired(at: 99))
    #expect(store.index.entry(of: two.raw) == nil)
    #expect(store.index.count == 1)
    await store.close()
  }

  @Test("judges proposals of one account one after the other, whatever comes at once")
  func judgesInOrder() async throws {
    let store = try open()
    let one = one
    // Each proposal builds on the generation it finds: lost updates would show as equal generations.
    let generations = try await withThrowingTaskGroup(of: Int64.self) { group in
      for number in 0..<200 {
        group.addTask {
          let verdict = try await store.submit(
            Proposal(subject: one) { current, _ in
              .append(change(one, "token \(number)", generation: (current?.generation ?? 0) + 1))
            })
          guard case .committed(let record) = verdict else { return -1 }
          return record.change.generation
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(generations.sorted() == Array(1...200))
    #expect(store.index.entry(of: one.raw)?.generation == 200)
    await store.close()
  }

  @Test("refuses one proposal of a batch without touching the others")
  func refusesAlone() async throws {
    let store = try open()
    let accounts = try (0..<40).map { _ in try TestAuthority.account() }
    let stored = await withTaskGroup(of: Bool.self) { group in
      for (number, account) in accounts.enumerated() {
        group.addTask {
          do {
            _ = try await store.submit(
              Proposal(subject: account) { _, _ in number % 2 == 0 ? .append(change(account, "\(number)")) : .refuse(RefusedInTest()) })
            return true
          } catch {
            return !(error is RefusedInTest)
          }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(stored == 20)
    #expect(store.index.count == 20)
    #expect(try await store.log.lastSequence() == 20)
    await store.close()
  }

  @Test("keeps a push whose client went away")
  func survivesCancellation() async throws {
    let store = try open()
    let (one, two) = (one, two)
    let cancelled = Task { try await store.submit(put(change(one, "a"))) }
    cancelled.cancel()
    _ = try await store.submit(put(change(two, "b")))
    _ = await cancelled.result
    #expect(store.index.count == 2)
    await store.close()
  }

  @Test("serves after a restart what was stored before, and remembers deletions")
  func restarts() async throws {
    let first = try open()
    _ = try await first.submit(put(change(one, "a", iat: 5)))
    _ = try await first.submit(put(change(two, "b", iat: 5)))
    _ = try await first.submit(put(change(two, "claim", kind: .delete, iat: 9)))
    await first.close()

    let second = try open()
    #expect(try second.current(one)?.token == Token("a"))
    #expect(second.index.entry(of: two.raw)?.isDeleted == true)
    #expect(second.index.entry(of: two.raw)?.iat == 9)
    #expect(second.index.accounts() == [one])
    await second.close()
  }

  @Test("refuses a second writer of one directory, and lets the next one in when the first is gone")
  func isExclusive() async throws {
    let first = try open()
    let refusal = #expect(throws: StoreError.self) { try open() }
    #expect(refusal?.code == .locked)
    #expect(refusal?.message.contains("stop it first") == true)
    await first.close()
    withExtendedLifetime(first) {}
  }

  @Test("never begins a lost log again silently")
  func refusesLostLogs() async throws {
    let store = try open()
    _ = try await store.submit(put(change(one, "a")))
    await store.close()
    for name in try SystemFileSystem().names(in: "\(folder.path)/.nats-claims") where name.hasPrefix("log.sqlite") {
      try SystemFileSystem().remove("\(folder.path)/.nats-claims/\(name)")
    }
    let refusal = #expect(throws: StoreError.self) { try open() }
    #expect(refusal?.code == .damagedLog)
    #expect(refusal?.message.contains("restore it from a copy") == true)
  }

  @Test("takes no proposals when it is closed")
  func closes() async throws {
    let store = try open()
    await store.close()
    await #expect(throws: StoreError(.closed, "")) { try await store.submit(put(change(one, "a"))) }
  }

  @Test("stores nothing of a batch whose commit failed, and goes on when the fault is gone")
  func survivesFaults() async throws {
    let log = Mutex<FaultyChangeLog?>(nil)
    let store = try Store(
      .init(directory: folder.path),
      openLog: { path, _ in
        let faulty = FaultyChangeLog(try SQLiteChangeLog(path: path))
        log.withLock { $0 = faulty }
        return faulty
      }, logger: Logger(label: "test"))
    let faulty = try #require(log.withLock { $0 })
    _ = try await store.submit(put(change(one, "a")))
    for error in [StoreError(.diskFull, "full"), StoreError(.ioFailure, "broken")] {
      faulty.fails = error
      await #expect(throws: error) { try await store.submit(put(change(one, "b", iat: TestTime.seconds + 1))) }
      #expect(store.index.entry(of: one.raw)?.token == Token("a"))
    }
    faulty.fails = nil
    guard case .committed(let record) = try await store.submit(put(change(one, "b"))) else {
      Issue.record("not committed")
      return
    }
    #expect(record.sequence == 2)
    #expect(store.lastSequence == 2)
    await store.close()
  }

  @Test("a proposal that meets a damaged record fails alone: the others of its transaction are stored")
  func damagedRecord() async throws {
    let log = FaultyChangeLog(try SQLiteChangeLog(path: folder.path + "/elsewhere.sqlite"))
    let store = try Store(.init(directory: folder.path), openLog: { _, _ in log }, logger: Logger(label: "test"))
    let (one, two) = (one, try TestAuthority.account())
    log.close(gate: true)
    async let first = store.submit(put(change(one, "a")))
    try await eventually("a transaction is under way") { log.isHolding }
    let damaged = Task {
      try await store.submit(Proposal(subject: one) { _, _ in throw StoreError(.damagedLog, "a record cannot be read") })
    }
    async let sound = store.submit(put(change(two, "b")))
    log.close(gate: false)
    _ = try await first
    await #expect(throws: StoreError(.damagedLog, "")) { try await damaged.value }
    guard case .committed = try await sound else {
      Issue.record("not committed")
      return
    }
    #expect(store.logProblem == nil)
    await store.close()
  }

  @Test("keeps nothing of its own that ends in .jwt")
  func hidesItsState() async throws {
    let store = try open()
    _ = try await store.submit(put(change(one, "a")))
    await store.close()
    #expect(try folder.names(".nats-claims").allSatisfy { !$0.hasSuffix(".jwt") })
    #expect(try folder.names() == ["\(one).jwt"])
  }
}
