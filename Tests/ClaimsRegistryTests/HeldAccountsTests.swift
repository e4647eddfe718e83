import Claims
import ClaimsStore
import ClaimsTestSupport
import Synchronization
import Testing

@testable import ClaimsRegistry

@Suite("Deleted accounts that servers hold")
struct HeldAccountsTests {
  /// Servers that say what a test wants.
  private final class Servers: AccountHolders {
    let state = Mutex<(holders: [AccountKey: [String]], asked: [[AccountKey]], reason: String?)>(([:], [], nil))

    func holders(of accounts: [AccountKey]) async -> HoldersAnswer {
      state.withLock { state in
        state.asked.append(accounts)
        if let reason = state.reason { return .notAsked(reason) }
        return .asked(Dictionary(uniqueKeysWithValues: accounts.map { ($0, state.holders[$0] ?? []) }))
      }
    }
  }

  private let authority: TestAuthority
  private let account: AccountKey
  private let servers = Servers()
  private let subject: RegistryUnderTest

  init() throws {
    authority = try TestAuthority()
    account = try TestAuthority.account()
    subject = try RegistryUnderTest(trusting: [authority])
    subject.registry.held.attach(servers)
  }

  private func delete() async throws { try await delete(account) }

  private func delete(_ account: AccountKey) async throws {
    try await subject.store(try authority.account(account, iat: TestTime.seconds - 1))
    _ = try await subject.registry.delete(try authority.deletion(of: [account]), by: .setup)
  }

  private var warnings: [String] {
    subject.registry.currentWarnings().first { $0.kind == .deletedButHeld }?.texts ?? []
  }

  private func following(_ body: () async throws -> Void) async throws {
    let registry = subject.registry
    let task = Task { await registry.followHeldAccounts(every: .milliseconds(5)) }
    do {
      try await body()
    } catch {
      task.cancel()
      throw error
    }
    task.cancel()
    await task.value
  }

  @Test("are a warning with their servers until no server holds them")
  func warned() async throws {
    servers.state.withLock { $0.holders[account] = ["s1 (NA)", "s2 (NB)"] }
    try await delete()
    #expect(await subject.registry.held.ask([account]) == .asked([account: ["s1 (NA)", "s2 (NB)"]]))
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("\(account)") == true)
    #expect(warnings.first?.contains("s1 (NA), s2 (NB)") == true)
    try await following {
      servers.state.withLock { $0.holders[account] = ["s2 (NB)"] }
      try await eventually("one server let go") { warnings.first?.contains("s1") == false }
      servers.state.withLock { $0.holders[account] = nil }
      try await eventually("all let go") { warnings.isEmpty }
    }
  }

  @Test("that nobody held are asked about ever less often: a server may have been away")
  func released() async throws {
    try await delete()
    let witness = try TestAuthority.account()
    servers.state.withLock { $0.holders[witness] = ["s3 (NC)"] }
    try await delete(witness)
    try await following {
      try await eventually("the one that is held is asked about often") {
        servers.state.withLock { state in state.asked.count { $0.contains(witness) } } > 20
      }
      let asked = servers.state.withLock { state in
        state.holders[account] = ["s4 (ND)"]
        return state.asked.count { $0.contains(account) }
      }
      #expect(asked < 10)
      try await eventually("it is known that a server came back with it") { warnings.contains { $0.contains("s4 (ND)") } }
    }
  }

  @Test("are no warning any more once they came back")
  func cameBack() async throws {
    servers.state.withLock { $0.holders[account] = ["s1 (NA)"] }
    try await delete()
    _ = await subject.registry.held.ask([account])
    #expect(warnings.count == 1)
    try await subject.store(try authority.account(account, iat: TestTime.seconds + 1))
    #expect(warnings.isEmpty)
  }

  @Test("are found again after a start, and when servers come back")
  func found() async throws {
    try await delete()
    servers.state.withLock { state in
      state.holders[account] = ["s1 (NA)"]
      state.reason = "there is no connection to NATS"
    }
    try await following {
      try await eventually("they are asked") { servers.state.withLock { $0.asked.count > 1 } }
      #expect(warnings.isEmpty)
      servers.state.withLock { $0.reason = nil }
      try await eventually("it is known") { warnings.count == 1 }
    }
  }

  @Test("are asked about in bounded batches")
  func batches() async throws {
    let accounts = try (0..<150).map { _ in try TestAuthority.account() }
    subject.registry.held.watch(accounts)
    let held = subject.registry.held
    let task = Task { await held.follow(every: .seconds(60)) { _ in true } }
    try await eventually("all are asked about") { servers.state.withLock { Set($0.asked.flatMap(\.self)).count } == 150 }
    task.cancel()
    await task.value
    #expect(servers.state.withLock { $0.asked.map(\.count) } == [64, 64, 22])
  }

  @Test("cannot be asked about without NATS, and are then no warning")
  func nobodyToAsk() async throws {
    let subject = try RegistryUnderTest(trusting: [authority])
    #expect(await subject.registry.held.ask([account]) == .notAsked("no nats-server is configured here"))
    #expect(!subject.registry.held.isAttached)
  }
}
