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

  @Test("share the transaction of one that waits for them")
  func share() async throws {
    var judging = [store.expectProposal(), store.expectProposal()]
    let (one, two, store) = (one, two, store)
    let isFirstUnseen = Mutex(false)
    let shared = Proposal(subject: two) { _, _ in
      // What a transaction did is seen when it is over.
      isFirstUnseen.withLock { $0 = store.index.entry(of: one.raw) == nil }
      return .append(change(two, "b"))
    }
    await withCheckedContinuation { continuation in
      store.submit(put(change(one, "a"))) { _ in }
      store.submit(shared) { _ in continuation.resume() }
      judging.removeAll()
    }
    #expect(isFirstUnseen.withLock { $0 })
    #expect(store.index.count == 2)
    await store.close()
  }

  @Test("hold nobody up when they are refused", .timeLimit(.minutes(1)))
  func refused() async throws {
    var judging = [store.expectProposal(), store.expectProposal()]
    let (one, store) = (one, store)
    await withCheckedContinuation { continuation in
      store.submit(put(change(one, "a"))) { _ in continuation.resume() }
      judging.removeAll()
    }
    #expect(store.index.count == 1)
    await store.close()
  }

  @Test("hold nobody up for longer than 64 judgements", .timeLimit(.minutes(1)))
  func bounded() async throws {
    let (one, store) = (one, store)
    var judging = (0..<200).map { _ in store.expectProposal() }
    await withCheckedContinuation { continuation in
      store.submit(put(change(one, "a"))) { _ in continuation.resume() }
      judging.removeLast(64)
    }
    #expect(store.index.count == 1)
    judging.removeAll()
    await store.close()
  }

  @Test("do not keep a store from doing what it accepted when it closes", .timeLimit(.minutes(1)))
  func closing() async throws {
    let judging = (0..<9).map { _ in store.expectProposal() }
    store.submit(put(change(one, "a"))) { _ in }
    await store.close()
    withExtendedLifetime(judging) {}
    let again = try Store(.init(directory: folder.path), logger: Logger.silent)
    #expect(try again.current(one)?.token == Token("a"))
    await again.close()
  }
}
