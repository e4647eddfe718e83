import Claims
import ClaimsTestSupport
import Logging
import Synchronization
import Testing

@testable import ClaimsStore

@Suite("Proposals that are being judged")
struct ExpectedProposalTests {
  private let folder: TemporaryFolder
  private let store: Store
  private let one: AccountKey
  private let two: AccountKey

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(.init(directory: folder.path), logger: Logger.silent)
    one = try TestAuthority.account()
    two = try TestAuthority.account()
  }

  @Test("share the transaction of one that waits for them", .timeLimit(.minutes(5)))
  func share() async throws {
    var judging = [store.expectProposal(), store.expectProposal()]
    let (one, two, store) = (one, two, store)
    let isFirstUnseen = Mutex(false)
    judging[0].submit(put(change(one, "a"))) { _ in }
    try await waitAsLongAsATransactionTakes()
    #expect(store.index.count == 0)
    let shared = Proposal(subject: two) { _, _ in
      // What a transaction did is seen when it is over.
      isFirstUnseen.withLock { $0 = store.index.entry(of: one.raw) == nil }
      return .append(change(two, "b"))
    }
    await withCheckedContinuation { continuation in
      judging[1].submit(shared) { _ in continuation.resume() }
      judging.removeAll()
    }
    #expect(isFirstUnseen.withLock { $0 })
    #expect(store.index.count == 2)
    await store.close()
  }

  /// Another store begins and syncs one meanwhile: this one would have, too.
  private func waitAsLongAsATransactionTakes() async throws {
    let elsewhere = try TemporaryFolder()
    let other = try Store(.init(directory: elsewhere.path), logger: Logger.silent)
    _ = try await other.submit(put(change(two, "b")))
    await other.close()
  }

  @Test("hold nobody up when they are refused", .timeLimit(.minutes(5)))
  func refused() async throws {
    var judging = (0..<3).map { [store] _ in store.expectProposal() }
    let (one, store) = (one, store)
    await withCheckedContinuation { continuation in
      judging[0].submit(put(change(one, "a"))) { _ in continuation.resume() }
      judging.removeAll()
    }
    #expect(store.index.count == 1)
    await store.close()
  }

  @Test("hold nobody up for long", .timeLimit(.minutes(5)))
  func bounded() async throws {
    var judging = (0..<200).map { [store] _ in store.expectProposal() }
    let (one, store) = (one, store)
    let isStored = Mutex(false)
    judging[0].submit(put(change(one, "a"))) { _ in isStored.withLock { $0 = true } }
    while !isStored.withLock({ $0 }) {
      // One more is judged and refused, and another one comes.
      judging.removeLast()
      judging.append(store.expectProposal())
      await Task.yield()
    }
    #expect(store.index.count == 1)
    judging.removeAll()
    await store.close()
  }

  @Test("do not hold up one that nobody expected", .timeLimit(.minutes(5)))
  func unexpected() async throws {
    let judging = (0..<9).map { [store] _ in store.expectProposal() }
    _ = try await store.submit(put(change(one, "a")))
    #expect(store.index.count == 1)
    withExtendedLifetime(judging) {}
    await store.close()
  }

  @Test("do not keep a store from doing what it accepted when it closes", .timeLimit(.minutes(5)))
  func closing() async throws {
    let judging = (0..<9).map { [store] _ in store.expectProposal() }
    judging[0].submit(put(change(one, "a"))) { _ in }
    await store.close()
    withExtendedLifetime(judging) {}
    let again = try Store(.init(directory: folder.path), logger: Logger.silent)
    #expect(try again.current(one)?.token == Token("a"))
    await again.close()
  }
}
