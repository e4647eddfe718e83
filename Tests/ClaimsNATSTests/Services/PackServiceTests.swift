import Claims
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Logging
import Synchronization
import Testing

@testable import ClaimsNATS

@Suite("A pack")
struct PackServiceTests {
  /// Reads batch by batch, and fails from one of them on.
  private final class Reader: NATSConnection {
    private struct State {
      var batches: [[Publication]] = []
      var open = 0
      var mostOpen = 0
    }

    let serverID = "NREADER"
    let clientID: Int64? = 1
    let maximumPayload = 1_048_576
    private let failure: Int
    private let largest: Int
    private let state = Mutex(State())

    init(failure: Int = .max, largest: Int = .max) {
      self.failure = failure
      self.largest = largest
    }

    var batches: [[Publication]] { state.withLock { $0.batches } }
    var mostOpen: Int { state.withLock { $0.mostOpen } }
    var payloads: [[UInt8]] { batches.flatMap { $0 }.map(\.payload) }

    func publish(_ batch: [Publication], within deadline: Duration) async throws(NATSError) -> [PublicationOutcome] {
      let number = state.withLock { state in
        state.batches.append(batch)
        state.open += 1
        state.mostOpen = max(state.mostOpen, state.open)
        return state.batches.count
      }
      defer { state.withLock { $0.open -= 1 } }
      await Task.yield()
      if number > failure { throw .of(.timeout) }
      return batch.map { $0.payload.count > largest ? .tooLarge(limit: largest) : .sent }
    }

    func send(_ batch: [Publication]) async throws(NATSError) -> [PublicationOutcome] { try await publish(batch, within: .seconds(1)) }
    func takeDropped() async -> Int { 0 }
    func close() async {}
  }

  private let authority: TestAuthority
  private let folder: TemporaryFolder
  private let store: Store
  private let registry: Registry

  init() throws {
    authority = try TestAuthority()
    folder = try TemporaryFolder()
    let logger = LogLines().logger
    store = try Store(.init(directory: folder.path), logger: logger)
    registry = Registry(
      store: store, trust: TrustedOperators([try TrustedOperator(text: authority.token.text)]),
      clock: WallClock { (TestTime.seconds + 200) * 1000 }, metrics: MetricsRegistry(), logger: logger)
  }

  private func push(_ count: Int) async throws -> Set<[UInt8]> {
    var lines: Set<[UInt8]> = []
    for _ in 0..<count {
      let account = try TestAuthority.account()
      let token = try authority.account(account, name: "A", iat: TestTime.seconds)
      _ = try await registry.push(token, by: .setup)
      lines.insert(Array("\(account)|".utf8) + token.bytes)
    }
    return lines
  }

  private func request(_ payload: [UInt8] = [], reply: String = "_INBOX.somebody.1") -> NATSMessage {
    NATSMessage(subject: PackService.subject, reply: reply, payload: payload)
  }

  @Test("has never more than a few messages on the way, however many accounts there are")
  func bounded() async throws {
    let lines = try await push(300)
    let reader = Reader()
    try await PackService(registry: registry, chunk: 4).answer(request(), over: reader)
    #expect(reader.batches.allSatisfy { $0.count <= 4 })
    #expect(reader.mostOpen == 1)
    #expect(Set(reader.payloads.dropLast()) == lines)
    #expect(reader.payloads.count == 301)
    #expect(reader.payloads.last == [])
    await store.close()
  }

  @Test("that could not be sent to its end has no end, so that nobody takes a part for the whole")
  func broken() async throws {
    _ = try await push(20)
    let reader = Reader(failure: 2)
    let error = await #expect(throws: NATSError.self) { try await PackService(registry: registry).answer(request(), over: reader) }
    #expect(error?.code == .timeout)
    #expect(reader.batches.count == 3)
    #expect(!reader.payloads.contains([]))
    await store.close()
  }

  @Test("in which a token is too large for a message has the others, no end, and the account is named")
  func tooLarge() async throws {
    let lines = try await push(20)
    let large = try TestAuthority.account()
    _ = try await registry.push(
      try authority.account(large, name: "A", iat: TestTime.seconds) { $0.description = String(repeating: "x", count: 4096) }, by: .setup)
    let reader = Reader(largest: 4096)
    let error = await #expect(throws: NATSError.self) { try await PackService(registry: registry).answer(request(), over: reader) }
    #expect(error?.message.contains(large.text) == true)
    #expect(lines.isSubset(of: Set(reader.payloads)))
    #expect(!reader.payloads.contains([]))
    await store.close()
  }

  @Test("is nothing but its end for one who holds the same")
  func same() async throws {
    _ = try await push(3)
    let hash = StoreHash(store.index, now: registry.clock.seconds)
    let reader = Reader()
    try await PackService(registry: registry).answer(request(hash.bytes), over: reader)
    #expect(reader.payloads == [[]])
    await store.close()
  }

  @Test("is not sent to another of ours that looks for resolvers")
  func ours() async throws {
    _ = try await push(3)
    let reader = Reader()
    try await PackService(registry: registry).answer(request(reply: "_INBOX.ours.\(ResolverSync.prefix)1"), over: reader)
    #expect(reader.payloads == [PackService.peerMark, []])
    await store.close()
  }
}
