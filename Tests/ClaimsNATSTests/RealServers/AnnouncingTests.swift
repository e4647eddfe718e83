import Claims
import ClaimsNATS
import ClaimsRegistry
import ClaimsStore
import ClaimsTestSupport
import Logging
import Nkeys
import TestSupport
import Testing

@Suite("Announcing to a real nats-server")
struct AnnouncingTests {
  @Test("a push reaches the server, which replies that it applied it")
  func push() async throws {
    let fleet = try await Fleet(TestAuthority())
    let bridge = try BridgeUnderTest(fleet.authority, options: fleet.options())
    let account = try TestAuthority.account()
    try await bridge.knows(fleet)
    try await bridge.waitUntilConnected()
    let token = try await bridge.push(account)
    try await eventually("the server has the token") { fleet.token(of: account) == token }
    try await eventually("the replies are counted") { bridge.announcements("applied") >= 3 }
    try await eventually("the cursor is saved") { try await bridge.cursor() == 3 }
    try await eventually("each is announced once") { try await bridge.announcedOnce(fleet.accounts() + [account]) }
    #expect(bridge.warnings(.nats).isEmpty)
    try await bridge.stop()
  }

  @Test("pushes made while NATS was away are announced when it comes, each account once and newest")
  func serverComesLater() async throws {
    let authority = try TestAuthority()
    let other = try KeyPair.generate(.account)
    let before = try await Fleet(authority, other: other)
    let port = before.server.port
    before.server.kill()
    let bridge = try BridgeUnderTest(authority, options: NATSOptions(servers: ["nats://127.0.0.1:\(port)"]))
    try await bridge.stopBridge()
    try await bridge.knows(before)
    let account = try TestAuthority.account()
    for number in 0..<3 { try await bridge.push(account, number: Int64(number)) }
    let second = try TestAuthority.account()
    try await bridge.push(second)
    #expect(try await bridge.cursor() == 0)
    await bridge.store.close()

    let fleet = try await Fleet(authority, port: port, other: other)
    let again = try BridgeUnderTest(authority, options: fleet.options(), folder: bridge.folder)
    try await eventually("the cursor is at the end") { try await again.cursor() == 6 }
    try await eventually("each account is announced once") { try await again.announcedOnce(fleet.accounts() + [account, second]) }
    try await eventually("the newest token is there") {
      try fleet.token(of: account) == again.store.current(account)?.token
    }
    try await again.stop()
  }

  @Test("after a crash of the server on the same port, pushes made in between are announced, and else only what is not confirmed")
  func serverRestarts() async throws {
    let authority = try TestAuthority()
    let resolver = try TemporaryFolder()
    let other = try KeyPair.generate(.account)
    let first = try await Fleet(authority, folder: resolver, other: other)
    let bridge = try BridgeUnderTest(authority, options: first.options())
    try await bridge.knows(first)
    try await bridge.waitUntilConnected()
    let before = try TestAuthority.account()
    try await bridge.push(before)
    try await eventually("the first is announced") { try await bridge.cursor() == 3 }
    try await eventually("and confirmed") { bridge.announcements("applied") >= 3 }

    first.server.kill()
    try await eventually("the loss is noticed") { !bridge.bridge.status.isConnected }
    let account = try TestAuthority.account()
    let token = try await bridge.push(account)
    #expect(try await bridge.cursor() == 3)

    let second = try await Fleet(authority, port: first.server.port, folder: resolver, other: other)
    try await eventually("the second is announced") { try await bridge.cursor() == 4 }
    try await eventually("the server has the token") { second.token(of: account) == token }
    // The server that crashed said no farewell, and what went out in the last seconds is awaited from the one that came: both are repetitions of
    // what some server did not confirm.
    try await eventually("nothing else was announced") { try await bridge.announcedOnce(first.accounts() + [account, before]) }
    let told = bridge.log.lines(from: .info).filter { $0.contains("connected to NATS") || $0.contains("no connection to NATS") }
    #expect(told.count <= 4, "one line when the reason changes, one when connected: \(told)")
    try await bridge.stop()
  }

  @Test("what was announced before a restart of ours is not announced again")
  func weRestart() async throws {
    let fleet = try await Fleet(TestAuthority())
    let first = try BridgeUnderTest(fleet.authority, options: fleet.options())
    try await first.knows(fleet)
    try await first.push(TestAuthority.account())
    try await eventually("announced") { try await first.cursor() == 3 }
    try await first.stop()
    let second = try BridgeUnderTest(fleet.authority, options: fleet.options(), folder: first.folder)
    try await second.waitUntilConnected()
    let account = try TestAuthority.account()
    try await second.push(account)
    try await eventually("announced") { try await second.cursor() == 4 }
    try await eventually("that alone, once") { await second.announcedOnce([account]) }
    try await second.stop()
  }

  @Test("thousands of changes that waited are announced")
  func many() async throws {
    let fleet = try await Fleet(TestAuthority())
    let bridge = try BridgeUnderTest(fleet.authority, options: NATSOptions(servers: ["nats://127.0.0.1:1"]))
    let pushed = try (0..<2_000).map { _ in try TestAuthority.account() }
    let accounts = try fleet.accounts() + pushed
    try await bridge.knows(fleet)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for account in pushed { group.addTask { try await bridge.push(account) } }
      try await group.waitForAll()
    }
    try await bridge.stop()
    let second = try BridgeUnderTest(fleet.authority, options: fleet.options(), folder: bridge.folder)
    try await eventually("all are announced", within: 60) { try await second.cursor() == Int64(accounts.count) }
    try await eventually("all replies are counted", within: 60) { second.announcements("applied") >= accounts.count }
    try await eventually("each is announced once") { await second.announcedOnce(accounts) }
    try await second.stop()
  }

  @Test("an account is announced again on request")
  func renotice() async throws {
    let fleet = try await Fleet(TestAuthority())
    let bridge = try BridgeUnderTest(fleet.authority, options: fleet.options())
    let account = try TestAuthority.account()
    try await bridge.knows(fleet)
    try await bridge.push(account)
    let accounts = try fleet.accounts() + [account]
    // What is confirmed is not announced again by itself.
    for account in accounts { try await eventually("confirmed") { await bridge.isConfirmed(account) } }
    let before = await bridge.repetitions(of: [account])
    bridge.registry.renotices.request(account)
    bridge.registry.renotices.request(try TestAuthority.account())
    try await eventually("announced again") { await bridge.repetitions(of: [account]) == before + 1 }
    try await eventually("nothing else is") { await bridge.announcedOnce(accounts) }
    try await stays("that is all", for: .seconds(1)) { await bridge.announcedOnce(accounts) }
    try await bridge.stop()
  }
}
